/** A smaller OpenAPI document with the operations of one tag, and only the components that these refer to. */

export interface Document {
  readonly tags?: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>
    readonly securitySchemes: Readonly<Record<string, object>>
  }
}

interface Operation {
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
}

/** `dead-letters` for the tag `Dead letters`. */
export function wordOf(tag: string): string {
  return tag.toLowerCase().replaceAll(' ', '-')
}

export function partOf<T extends Document>(document: T, word: string): T {
  const paths = Object.fromEntries(
    Object.entries(document.paths).flatMap(([path, operations]) => {
      const wanted = Object.entries(operations).filter(([, { tags }]) => tags.some((tag) => wordOf(tag) === word))
      return wanted.length === 0 ? [] : [[path, Object.fromEntries(wanted)]]
    }),
  )
  const { schemas, securitySchemes } = document.components
  const reached = schemasReached(paths, schemas)
  const security = Object.values(paths).flatMap((operations) => Object.values(operations).flatMap((of) => of.security))
  const schemesUsed = new Set(security.flatMap((of) => Object.keys(of)))
  return {
    ...document,
    tags: document.tags?.filter(({ name }) => wordOf(name) === word),
    paths,
    components: { schemas: only(schemas, reached), securitySchemes: only(securitySchemes, schemesUsed) },
  }
}

function schemasReached(paths: object, schemas: Document['components']['schemas']): ReadonlySet<string> {
  const reached = new Set<string>()
  const look = (of: object): void => {
    for (const [, name = ''] of JSON.stringify(of).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (reached.has(name)) continue
      reached.add(name)
      look(schemas[name]!)
    }
  }
  look(paths)
  return reached
}

function only<T>(all: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)))
}
