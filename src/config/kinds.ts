import { isIP } from 'node:net'
import { FOREVER, NOTIFICATION_TYPES, type NotificationType } from '../conversation/channel.js'
import { isAccountId } from '../conversation/ids.js'
import { formatDuration, parseDuration } from '../conversation/text/duration.js'

export type Parsed<T> = { readonly is: 'ok'; readonly value: T } | { readonly is: 'bad'; readonly why: string }

export interface Parser<T> {
  /** `why` completes a sentence that starts with the setting's name. */
  parse(value: unknown): Parsed<T>
}

/** A kind of value: text in the environment, text or JSON in the channels file. */
export interface Kind<T> extends Parser<T> {
  show(value: T): string
}

const ok = <T>(value: T): Parsed<T> => ({ is: 'ok', value })
const bad = (why: string): Parsed<never> => ({ is: 'bad', why })

/** Longer values are not quoted in errors: one may be a secret in the wrong place. */
const QUOTED_AT_MOST = 20

const mustBe = (what: string, value: unknown): Parsed<never> => {
  const text = typeof value === 'object' ? '' : String(value)
  return bad(`must be ${what}${text !== '' && text.length <= QUOTED_AT_MOST ? `, not "${text}"` : ''}`)
}

const trimmed = (value: unknown): string | null => (typeof value === 'string' ? value.trim() : null)
const asIs = (value: string): string => value

export const text: Kind<string> = {
  parse: (value) => {
    const given = trimmed(value)
    return given ? ok(given) : bad('must be a text')
  },
  show: asIs,
}

/** A token or key that travels in an HTTP header. */
export const bearer: Kind<string> = {
  parse: (value) => {
    const given = trimmed(value) ?? ''
    return /^[\x21-\x7e]+$/.test(given) ? ok(given) : bad('must be plain ASCII without blanks, to fit an HTTP header')
  },
  show: asIs,
}

/** An id from another system, as text or as a JSON number. */
export const foreignId: Kind<string> = {
  parse: (value) => {
    if (typeof value !== 'number') return text.parse(value)
    return Number.isSafeInteger(value) ? ok(String(value)) : bad(LOSES_DIGITS)
  },
  show: asIs,
}

const LOSES_DIGITS = 'must be in quotes: as a bare number a long id loses its last digits'

export const id: Kind<string> = {
  parse: (value) => {
    if (typeof value === 'number') return bad(LOSES_DIGITS)
    const given = trimmed(value) ?? ''
    return isAccountId(given) ? ok(given) : mustBe('an id of 1 to 32 digits', value)
  },
  show: asIs,
}

export const choice = <const T extends string>(...choices: readonly T[]): Kind<T> => ({
  parse: (value) => {
    const given = trimmed(value)?.toLowerCase()
    const chosen = choices.find((one) => one === given)
    const last = choices.at(-1)
    return chosen === undefined ? mustBe(`${choices.slice(0, -1).join(', ')} or ${last}`, value) : ok(chosen)
  },
  show: asIs,
})

export const onOff: Kind<boolean> = {
  parse: (value) => {
    if (typeof value === 'boolean') return ok(value)
    const given = trimmed(value)?.toLowerCase()
    return given === 'on' || given === 'off' ? ok(given === 'on') : mustBe('on or off', value)
  },
  show: (value) => (value ? 'on' : 'off'),
}

export const whole = (min: number, max: number): Kind<number> => ({
  parse: (value) => {
    const given =
      typeof value === 'number' ? value : /^\d{1,15}$/.test(trimmed(value) ?? '') ? Number(value) : Number.NaN
    const fits = Number.isInteger(given) && given >= min && given <= max
    return fits ? ok(given) : mustBe(`a whole number from ${min} to ${max}`, value)
  },
  show: String,
})

export interface DurationBounds {
  readonly min?: number
  readonly max?: number
  readonly forever?: boolean
}

/** Defaults to at most a day: a longer wait serves no purpose. */
export const duration = ({ min = 0, max = 86_400_000, forever = false }: DurationBounds = {}): Kind<number> => ({
  parse: (value) => {
    const given = parseDuration(value === 0 ? '0' : (trimmed(value) ?? ''))
    if (given === null) {
      return mustBe(`a duration such as 500ms, 3s, 10m, 6h, 30d${forever ? ', 0 or forever' : ' or 0'}`, value)
    }
    if (given === FOREVER) return forever ? ok(given) : mustBe(`a duration of at most ${formatDuration(max)}`, value)
    if (given < min) return mustBe(`at least ${formatDuration(min)}`, value)
    return forever || given <= max ? ok(given) : mustBe(`a duration of at most ${formatDuration(max)}`, value)
  },
  show: formatDuration,
})

/** A duration of at most a day; `off` is the same as 0. */
export const offOrDuration: Kind<number> = {
  parse: (value) => {
    if (trimmed(value)?.toLowerCase() === 'off') return ok(0)
    const parsed = duration().parse(value)
    return parsed.is === 'ok' ? parsed : bad(`must be off or ${parsed.why.replace(/^must be /, '')}`)
  },
  show: (value) => (value === 0 ? 'off' : formatDuration(value)),
}

/** An array, or a text split at commas and line ends; empty entries are ignored. */
export const listOf = (item: Kind<string>): Kind<readonly string[]> => ({
  parse: (value) => {
    const entries = typeof value === 'string' ? value.split(/[,\n]/) : value
    if (!Array.isArray(entries)) return bad('must be a list')
    const items: string[] = []
    for (const entry of entries as readonly unknown[]) {
      if (trimmed(entry) === '') continue
      const parsed = item.parse(entry)
      if (parsed.is === 'bad') return bad(`has an entry that ${parsed.why}`)
      items.push(parsed.value)
    }
    return ok([...new Set(items)])
  },
  show: (items) => items.map(item.show).join(', ') || 'none',
})

/** A base URL: paths are appended, so it ends without a slash and has no query and no credentials. */
export const httpUrl: Kind<string> = {
  parse: (value) => {
    const given = trimmed(value) ?? ''
    const problem = urlProblem(given)
    if (problem !== null) return bad(problem)
    if (/[?#]/.test(given)) return bad('must be a URL without ? and #: paths are put behind it')
    return ok(given.replace(/\/+$/, ''))
  },
  show: asIs,
}

export const shareTemplate: Kind<string> = {
  parse: (value) => {
    const given = trimmed(value) ?? ''
    if (given === 'en' || given === 'fa' || (given.includes('{share}') && given.includes('{question}')))
      return ok(given)
    return bad('must be en, fa, or a text with both {share} and {question} in it')
  },
  show: asIs,
}

export const keyPrefix: Kind<string> = {
  parse: (value) => {
    const given = trimmed(value) ?? ''
    // Braces would change the slot of a key in a Redis cluster.
    return /^[\w.:-]{1,64}$/.test(given) ? ok(given) : mustBe('1 to 64 letters, digits or any of _ . : -', value)
  },
  show: asIs,
}

const isNetwork = (part: string): boolean => {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(part)) return true
  const [, address = '', bits = '1'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(part) ?? []
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6]
  return Number(bits) >= 1 && Number(bits) <= longest
}

/** Fastify's `trustProxy`: all, none, addresses, or a number of hops (which Fastify ignores). */
export const trustProxy: Kind<boolean | number | string> = {
  parse: (value) => {
    const given = (trimmed(value) ?? '').toLowerCase()
    if (given === 'true' || given === 'on') return ok(true)
    if (given === 'false' || given === 'off') return ok(false)
    if (/^\d{1,2}$/.test(given)) return ok(Number(given))
    const parts = given.split(',').map((part) => part.trim())
    if (parts.every(isNetwork)) return ok(parts.join(','))
    return bad("must be on, off, or the proxies' addresses (10.0.0.0/8, loopback, ...)")
  },
  show: (value) => (typeof value === 'boolean' ? onOff.show(value) : String(value)),
}

/** A URL that is used unchanged: receivers put tokens into its path and query. */
export const webhookUrl: Kind<string> = {
  parse: (value) => {
    const given = trimmed(value) ?? ''
    const problem = urlProblem(given)
    return problem === null ? ok(given) : bad(problem)
  },
  show: (value) => new URL(value).host,
}

function urlProblem(given: string): string | null {
  const url = URL.canParse(given) ? new URL(given) : null
  if (url === null || !/^https?:\/\/[^\s\\]+$/i.test(given)) return 'must be a URL that begins with https:// or http://'
  return url.username === '' && url.password === '' ? null : 'must be a URL without user name and password'
}

/** A secret in the format of the Standard Webhooks specification. */
export const signingSecret: Kind<string> = {
  parse: (value) => {
    const given = trimmed(value) ?? ''
    const [, key = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(given) ?? []
    const isBase64 =
      key !== '' && Buffer.from(key, 'base64').toString('base64').replace(/=+$/, '') === key.replace(/=+$/, '')
    return isBase64 ? ok(given) : bad('must be whsec_ and a key in base64: echo "whsec_$(openssl rand -base64 32)"')
  },
  show: asIs,
}

/** Types of notifications; `message.*` for a family, `*` for all. */
export const notificationTypes: Kind<readonly NotificationType[]> = {
  parse: (value) => {
    const listed = listOf(text).parse(value)
    if (listed.is === 'bad') return listed
    const chosen = new Set<NotificationType>()
    for (const entry of listed.value) {
      const start = entry.endsWith('*') ? entry.slice(0, -1) : null
      const isFamily = start === '' || start?.endsWith('.')
      const fitting = NOTIFICATION_TYPES.filter((type) => (isFamily ? type.startsWith(start!) : type === entry))
      if (fitting.length === 0) return bad(`has "${entry.slice(0, 40)}", and knows ${NOTIFICATION_TYPES.join(', ')}`)
      for (const type of fitting) chosen.add(type)
    }
    if (chosen.size === 0) return bad('must name at least one type of notification')
    return ok(NOTIFICATION_TYPES.filter((type) => chosen.has(type)))
  },
  show: (types) => types.join(', '),
}
