import type { Report } from './report.js'
import type { Setting } from './setting.js'
import { type SettingName, settingNames, settings, type Values } from './settings.js'

export type Env = Readonly<Record<string, string | undefined>>
export type ReadFile = (path: string) => string

export type Found =
  | { readonly is: 'given'; readonly text: string }
  | { readonly is: 'absent' }
  /** Something is there, but it cannot be used; that is reported already. */
  | { readonly is: 'broken' }

/** Finds what a name stands for: its value, or with `orFile` what the file named by `NAME_FILE` holds. */
export type Lookup = (name: string, orFile: boolean) => Found

export interface Environment {
  readonly values: Values
  /** What was given and good; the others have their defaults. */
  readonly given: ReadonlySet<SettingName>
}

export const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}

export function createLookup(env: Env, readFile: ReadFile, report: Report): Lookup {
  // Own names only: an environment object also inherits a "constructor".
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

/** As a shell would have taken them away, and `docker --env-file` or a manifest does not. */
const isQuoted = (text: string): boolean => /^(["']).*\1$/s.test(text)

/** What the examples have in the place of a secret. */
const PLACEHOLDER = /replace-?me/i

/** Whether it was left as the examples have it; that is reported then. */
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
  // Every name has its value; a required one that is missing is a problem, and then no value of these is used.
  return { values: values as unknown as Values, given }
}
