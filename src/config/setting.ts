import type { Policy } from '../conversation/channel.js'
import type { Kind } from './kinds.js'

/** A row of the settings tables: what reading, printing and documenting a setting needs. */
export interface Entry {
  /** One line, which follows the setting's name. */
  readonly meaning: string
  /** As written in the environment. With neither this nor `required` the setting is null when not given. */
  readonly default?: string
  readonly required?: true
  /** May be given as `NAME_FILE=/path`, and is never printed. */
  readonly secret?: true
  /** The field of a channel's policy that the setting fills. */
  readonly policy?: keyof Policy
  /** The key in a channel's `bot` object, if a channel may override the setting. */
  readonly bot?: string
}

export interface Setting<T> extends Entry {
  readonly kind: Kind<T>
}

/** `const` keeps the exact types of the tables, from which the types of the values are derived. */
export const setting = <T, const E extends Entry>(kind: Kind<T>, entry: E): E & { readonly kind: Kind<T> } => ({
  ...entry,
  kind,
})

export type ValueOf<S> =
  S extends Setting<infer T> ? (S extends { default: string } | { required: true } ? T : T | null) : never
