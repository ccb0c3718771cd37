import { duration, httpUrl, id, type Kind, text, whole } from '../config/kinds.js'
import { noneOf } from '../config/nearest.js'

/** The table of options; parsing, help and completion are derived from it. */

export interface Option<T> {
  /** The kind of its value; without one it is a flag. */
  readonly kind?: Kind<T>
  /** The value's name in the help. */
  readonly value?: string
  /** All allowed values. */
  readonly words?: readonly string[]
  /** What completes its value. */
  readonly completes?: 'files'
  readonly short?: string
  readonly meaning: string
}

interface Flag extends Option<never> {
  readonly kind?: never
}

interface Valued<T> extends Option<T> {
  readonly kind: Kind<T>
  readonly value: string
}

const flag = (meaning: string, short?: string): Flag => (short === undefined ? { meaning } : { meaning, short })
const valued = <T>(value: string, kind: Kind<T>, meaning: string): Valued<T> => ({ value, kind, meaning })
const oneOf = <const T extends string>(meaning: string, ...words: readonly T[]): Valued<T> => ({
  ...valued(words.join('|'), word(...words), meaning),
  words,
})
const port = whole(0, 65_535)
/** Unchanged: a text may start and end with spaces. */
const anything: Kind<string> = { parse: (value) => ({ is: 'ok', value: String(value) }), show: (value) => value }

export const options = {
  help: flag('says how to use it', 'h'),
  json: flag('writes JSON, for programs'),
  url: valued(
    'URL',
    httpUrl,
    'where the router is: MESSAGE_ROUTER_URL, else HOST and PORT as the router has them (http://127.0.0.1:3000)',
  ),
  token: valued(
    'TOKEN',
    text,
    "one of the router's API_TOKENS: MESSAGE_ROUTER_TOKEN, else the first of API_TOKENS (others on this machine see what a command line says, but not its environment)",
  ),
  page: valued('ID', id, 'only those of the page or account with this id'),
  user: valued('ID', id, "the customer's id: 2001"),
  platform: oneOf('CHANNEL_PLATFORM, else instagram', 'instagram', 'facebook'),
  text: valued('TEXT', anything, 'what is written'),
  echo: flag("it is written on the shop's side: what comes is an echo"),
  share: valued('URL', httpAddress(), 'the address of a post that is shared'),
  mid: valued('ID', text, "the message's id: a new one"),
  'app-id': valued('ID', text, 'the app that sent it, as an echo names it'),
  'user-token': valued(
    'TOKEN',
    text,
    'a user token of your Meta app; - reads it from standard input: META_USER_TOKEN (others on this machine see what a command line says)',
  ),
  channels: {
    ...valued('FILE', text, 'the channels file, made where there is none: CHANNELS_FILE, else channels.json'),
    completes: 'files',
  },
  'graph-url': valued('URL', httpUrl, "the Graph API, to try it out: by platform Meta's own"),
  renew: flag('replaces the token of its channel, though it still works'),
  file: { ...valued('FILE', text, 'a file with a whole body, posted as it stands'), completes: 'files' },
  secret: valued('SECRET', text, 'the app secret to sign with: the first of META_APP_SECRETS'),
  once: flag('plays it and ends; exit code 0 if everything came out right'),
  graph: valued('PORT', port, 'where it pretends to be Meta: 4001; 0 picks a free one'),
  dify: valued('PORT', port, 'where it pretends to be Dify: 4002; 0 picks a free one'),
  offline: flag('looks at the settings alone, and connects to nobody'),
  bot: oneOf('only those whose bot is so', 'on', 'paused'),
  state: oneOf('only those that are so', 'open', 'closed'),
  waiting: flag('only those with messages that wait to be asked'),
  dead: flag('only those with dead letters'),
  search: valued('TEXT', text, 'only those whose name, username or id begins so'),
  limit: valued('N', whole(1, 100_000), 'so many at the most'),
  for: valued('DURATION', duration({ min: 1, forever: true }), 'such as 30m, 2h or 7d; without it: until resumed'),
  reason: valued('TEXT', text, 'a note to yourselves'),
  author: oneOf(
    'who speaks: support is a person, which pauses the bot; AI is the bot, refused while it is paused',
    'support',
    'AI',
    'marketing',
  ),
  key: valued('KEY', text, 'an Idempotency-Key: a second call with it sends nothing'),
  after: valued('CURSOR', text, 'begins with what came after this one, the `id` of a line of --json'),
  yes: flag('does not ask whether you are sure', 'y'),
} as const

export type OptionName = keyof typeof options

/** The options given on a command line. */
export type Values = {
  readonly [N in OptionName]?: (typeof options)[N] extends Valued<infer T> ? T : true
}

/** One of these words, in any case. */
function word<const T extends string>(...words: readonly T[]): Kind<T> {
  return {
    parse(value) {
      const found = words.find((each) => each.toLowerCase() === String(value).trim().toLowerCase())
      if (found !== undefined) return { is: 'ok', value: found }
      return { is: 'bad', why: noneOf(String(value), words) }
    },
    show: (value) => value,
  }
}

/** A web address, unchanged and with its query. */
function httpAddress(): Kind<string> {
  return {
    parse(value) {
      const isOne = URL.canParse(String(value)) && /^https?:\/\//i.test(String(value))
      return isOne
        ? { is: 'ok', value: String(value) }
        : { is: 'bad', why: 'must be a URL that begins with https:// or http://' }
    },
    show: (value) => value,
  }
}
