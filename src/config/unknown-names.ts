import type { Env } from './environment.js'
import { distance, hintFor } from './nearest.js'
import type { Report } from './report.js'
import type { Setting } from './setting.js'
import { settingNames, settings } from './settings.js'

const KNOWN: readonly string[] = settingNames.flatMap((name) => {
  const { secret }: Setting<unknown> = settings[name]
  return secret ? [name, `${name}_FILE`] : [name]
})

/** Prefixes of this program's own variables. */
const OURS = /^(BOT|CHANNELS?|DEBOUNCE|DIFY|ECHO|FALLBACK|FLAG|HANDOFF|META|NOTIFY|REDIS|REOPEN|RESUME|SHARE|SQLITE)_/

/** Kubernetes and Docker set such variables for a service named "redis". */
const SERVICE_LINK = /_SERVICE_(HOST|PORT)(_|$)|_PORT(_\d+_(TCP|UDP)(_|$)|$)/

/** A short name resembles many by chance: HOME is two letters from HOST. */
const slipsAllowed = (name: string): number => (name.length < 8 ? 1 : 2)

/** Lengths are compared first: a distance costs the product of both, and an environment may hold hundreds of names. */
function isMisspelt(given: string, slips: number): boolean {
  return KNOWN.some((name) => Math.abs(name.length - given.length) <= slips && distance(given, name) <= slips)
}

/** Warns of misspelt variables. `used` are those that the channels file refers to, which are not misspelt. */
export function warnOfUnknownNames(env: Env, used: ReadonlySet<string>, report: Report): void {
  for (const [name, value] of Object.entries(env)) {
    const base = name.replace(/_FILE$/, '')
    if (!value?.trim() || KNOWN.includes(name) || used.has(name) || used.has(base) || SERVICE_LINK.test(name)) continue
    if (KNOWN.includes(base)) {
      report.warn(`${name} is not known: ${base} is no secret and cannot come from a file`)
      continue
    }
    const given = name.toUpperCase()
    const start = OURS.exec(given)?.[0]
    if (isMisspelt(given, slipsAllowed(name))) report.warn(`${name} is not known: ${hintFor(given, KNOWN)}`)
    else if (start !== undefined) {
      const family = KNOWN.filter((each) => each.startsWith(start))
      report.warn(`${name} is not known: ${hintFor(given, family)}`)
    }
  }
}
