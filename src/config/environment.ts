import type { Report } from './report.js'
import type { Setting } from './setting.js'
import { type SettingName, settingNames, settings, type Values } from './settings.js'

export type Env = Readonly<Record<string, string | undefined>>
export type ReadFile = (path: string) => string

export type Found =
  | { readonly is: 'given'; readonly text: string }
  | { readonly is: 'absent' }
  /** A value was given but is invalid, which has been reported. */
  | { readonly is: 'broken' }

/** Looks up a variable: its value, or with `orFile` the content of the file named by `NAME_FILE`. */
export type Lookup = (name: string, orFile: boolean) => Found

export interface Environment {
  readonly values: Values
  /** The settings with a valid value of their own; the others have their defaults. */
  readonly given: ReadonlySet<SettingName>
}

export const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}

export function createLookup(env: Env, readFile: ReadFile, report: Report): Lookup {
  // Own properties only: a plain object also inherits `constructor`.
  const textOf = (name: string): string => (Object.hasOwn(env, name) ? (env[name]?.trim() ?? '') : '')

  const fromFile = (name: string, path: string): Found => {
    try {
      const text = readFile(path).trim()
      if (text !== '') return { is: 'given', text }
      report.bad(`${name}_FILE names a file that is empty: ${path}`)
    } catch (error) {
      report.bad(`${name}_FILE names a file that cannot be read: ${path} (${reasonOf(error)})`)
    }
    return { is: 'broken' }
  }

  return (name, orFile) => {
    const text = textOf(name)
    const path = orFile ? textOf(`${name}_FILE`) : ''
    if (isQuoted(text)) report.warn(`${name} stands in quotes, which count as part of it: leave them out`)
    if (path === '') return text === '' ? { is: 'absent' } : { is: 'given', text }
    if (text === '') return fromFile(name, path)
    report.bad(`${name} and ${name}_FILE are both set: keep one of them`)
    return { is: 'broken' }
  }
}

/** Warns of a value in quotes: a shell removes them, `docker --env-file` and Kubernetes manifests do not. */
const isQuoted = (text: string): boolean => /^(["']).*\1$/s.test(text)

/** The placeholder for secrets in the examples. */
const PLACEHOLDER = /replace-?me/i

/** Whether the value is still the example's placeholder, which is then reported. */
export function isPlaceholder(text: string, name: string, report: Report): boolean {
  if (!PLACEHOLDER.test(text)) return false
  report.bad(`${name} still says replace-me: put your own value there`)
  return true
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

export function readEnvironment(lookup: Lookup, report: Report): Environment {
  const values: Partial<Record<SettingName, unknown>> = {}
  const given = new Set<SettingName>()

  for (const name of settingNames) {
    const { kind, default: standard, required, secret, meaning }: Setting<unknown> = settings[name]
    const parse = (text: string): unknown => {
      const parsed = kind.parse(text)
      if (parsed.is === 'ok') return parsed.value
      report.bad(`${name} ${parsed.why}`)
      return null
    }
    values[name] = standard === undefined ? null : parse(standard)

    const found = lookup(name, secret === true)
    if (found.is === 'broken') continue
    const own = found.is === 'given' && !isPlaceholder(found.text, name, report) ? parse(found.text) : null
    if (required && (found.is === 'absent' || isEmptyList(own))) report.bad(`${name} is required: ${meaning}`)
    if (own === null) continue
    values[name] = own
    given.add(name)
  }
  // A required setting without a value is a reported problem, in which case the values are not used.
  return { values: values as unknown as Values, given }
}
