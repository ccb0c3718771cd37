/**
 * JSON schemas, written once for three uses: validation, the OpenAPI document, and `Static` for the types. The names
 * are TypeBox's; only the tenth of it that is used is written here, because loading all of TypeBox takes as long as
 * everything else at start together. Types derived from plain schemas (json-schema-to-ts) cost nothing at run time, but
 * schemas two thirds longer, with every `required` by hand, and twice the time to check them.
 */

declare const TYPE: unique symbol
const OPTIONAL = Symbol('optional')

export interface TSchema<T = unknown> {
  readonly [TYPE]?: T
  readonly [keyword: string]: unknown
}

/** The property may be absent from its object. */
export interface TOptional<T = unknown> extends TSchema<T> {
  readonly [OPTIONAL]: true
}

export type Static<S extends TSchema> = S extends TSchema<infer T> ? T : never

type Properties = Readonly<Record<string, TSchema>>
type Optionals<P extends Properties> = { [K in keyof P]: P[K] extends TOptional ? K : never }[keyof P]
type ObjectOf<P extends Properties> = { [K in Exclude<keyof P, Optionals<P>>]: Static<P[K]> } & {
  [K in Optionals<P>]?: Static<P[K]>
}
/** Additional keywords, such as a description or a limit. */
type More = Readonly<Record<string, unknown>>

export const Type = {
  Array: <S extends TSchema>(items: S, more?: More): TSchema<Static<S>[]> => ({ type: 'array', items, ...more }),
  Boolean: (more?: More): TSchema<boolean> => ({ type: 'boolean', ...more }),
  Enum: <const T extends readonly string[]>(words: T, more?: More): TSchema<T[number]> => ({ enum: words, ...more }),
  Integer: (more?: More): TSchema<number> => ({ type: 'integer', ...more }),
  Literal: <const T extends string>(word: T, more?: More): TSchema<T> => ({ type: 'string', const: word, ...more }),
  Null: (more?: More): TSchema<null> => ({ type: 'null', ...more }),
  Object<P extends Properties>(properties: P, more?: More): TSchema<ObjectOf<P>> {
    const required = Object.keys(properties).filter((name) => !(OPTIONAL in properties[name]!))
    return { type: 'object', ...(required.length > 0 ? { required } : {}), properties, ...more }
  },
  Optional: <T>(schema: TSchema<T>): TOptional<T> => ({ ...schema, [OPTIONAL]: true }),
  String: (more?: More): TSchema<string> => ({ type: 'string', ...more }),
  Union: <S extends readonly TSchema[]>(members: S, more?: More): TSchema<Static<S[number]>> => ({
    anyOf: members,
    ...more,
  }),
}
