import type { Policy } from '../conversation/channel.js'
import type { Kind } from './kinds.js'

/** One line of the tables: everything that reading, printing and documenting a setting needs. */
export interface Entry {
  /** One line, written to follow the setting's name. */
  readonly meaning: string
  /** As it would be written in the environment. Neither this nor `required`: null when not given. */
  readonly default?: string
  readonly required?: true
  /** May come as `NAME_FILE=/path`, and is never printed. */
  readonly secret?: true
  /** The field of a channel's policy that it fills. */
  readonly policy?: keyof Policy
  /** Its key in a channel's `bot` object, where a channel may have its own. */
  readonly bot?: string
}

export interface Setting<T> extends Entry {
  readonly kind: Kind<T>
}

/** `const`, so that the tables keep the exact types from which those of the values follow. */
export const setting = <T, const E extends Entry>(kind: Kind<T>, entry: E): E & { readonly kind: Kind<T> } => ({
  ...entry,
  kind,
})

export type ValueOf<S> =
  S extends Setting<infer T> ? (S extends { default: string } | { required: true } ? T : T | null) : never
