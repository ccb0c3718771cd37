import { readChannels } from './config/channels.js'
import {
  createLookup,
  type Env,
  type Environment,
  type Lookup,
  type ReadFile,
  readEnvironment,
} from './config/environment.js'
import { freeze } from './config/freeze.js'
import { notifyOf } from './config/notify.js'
import { createReport, type Report } from './config/report.js'
import { settings } from './config/settings.js'
import { warnOfUnknownNames } from './config/unknown-names.js'
import type { Channel, NotifyTarget } from './conversation/channel.js'
import { named } from './named-token.js'

export interface Config {
  readonly host: string
  readonly port: number
  readonly logLevel: string
  /** Fastify's `trustProxy` option. */
  readonly trustProxy: boolean | string
  readonly meta: { readonly appSecrets: readonly string[]; readonly verifyToken: string }
  readonly api: {
    readonly auth: 'required' | 'none'
    readonly tokens: readonly string[]
    readonly difyTokens: readonly string[]
    readonly ratePerMinute: number
    /** For all callers without a token together. */
    readonly anonymousPerMinute: number
  }
  readonly limits: { readonly connections: number; readonly bodyBytes: number }
  readonly store:
    | { readonly is: 'memory' }
    | { readonly is: 'redis'; readonly url: string; readonly prefix: string }
    | { readonly is: 'sqlite'; readonly directory: string; readonly sync: 'normal' | 'full' }
  readonly channels: ReadonlyMap<string, Channel>
  /** The target that is told of events on all channels. */
  readonly notify: NotifyTarget | null
  /** The OTLP endpoint for traces; null sends none. */
  readonly tracesEndpoint: string | null
  /** Adds metric series per channel. */
  readonly metricsChannels: boolean
  readonly shutdownGraceMs: number
}

export type ConfigResult =
  | { readonly is: 'ok'; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly is: 'bad'; readonly problems: readonly string[]; readonly warnings: readonly string[] }

function checkProxies({ values }: Environment, report: Report): void {
  // Fastify ignores a number of hops, since a count does not identify the proxy that connects.
  if (typeof values.TRUST_PROXY === 'number' && values.TRUST_PROXY > 0) {
    report.warn("TRUST_PROXY is a number of hops, which trusts nobody: write the proxies' addresses instead")
  }
  if (values.TRUST_PROXY === true) {
    report.warn(
      'TRUST_PROXY is on, so that whoever reaches this port may write any address into X-Forwarded-For and so evade ' +
        "the limits of an address: write the proxies' addresses instead",
    )
  }
}

/** Tokens shorter than this get a warning: they can be guessed. */
const SHORT_TOKEN = 16
/** Secrets shorter than this are refused. */
const SHORTEST_SECRET = 8

/** The tokens of API_TOKENS without their names, which nobody has to guess. */
function apiTokensOf({ values }: Environment): readonly string[] {
  return values.API_TOKENS.map((text, i) => named(text, i).token)
}

/** A short token behind a name is only warned of, by `checkTokens`: routers that started with one go on starting. */
function checkLengths({ values }: Environment, report: Report): void {
  for (const name of ['META_APP_SECRETS', 'API_TOKENS'] as const) {
    if (values[name]?.some((secret) => secret.length < SHORTEST_SECRET)) {
      report.bad(`${name} has one of less than ${SHORTEST_SECRET} characters, which can be guessed`)
    }
  }
  if (values.META_VERIFY_TOKEN !== null && values.META_VERIFY_TOKEN.length < SHORTEST_SECRET) {
    report.warn(`META_VERIFY_TOKEN has less than ${SHORTEST_SECRET} characters, which can be guessed`)
  }
}

function checkTokens(environment: Environment, lookup: Lookup, report: Report): void {
  const { values, given } = environment
  const { API_AUTH: auth, DIFY_TOKENS: difyTokens } = values
  const tokens = apiTokensOf(environment)
  const missing = tokens.length === 0 && (given.has('API_TOKENS') || lookup('API_TOKENS', true).is === 'absent')
  if (auth === 'required' && missing) report.bad(`API_TOKENS is required: ${settings.API_TOKENS.meaning}`)
  if (auth === 'none') {
    report.warn(
      'API_AUTH is none: whoever reaches this port can mark bot responses and report sent messages without a token',
    )
  }
  for (const [name, all] of Object.entries({ API_TOKENS: tokens, DIFY_TOKENS: difyTokens })) {
    if (all.some((token) => token.length < SHORT_TOKEN)) {
      report.warn(`${name} has one of less than ${SHORT_TOKEN} characters: better ones come from openssl rand -hex 32`)
    }
  }
  if (difyTokens.some((token) => tokens.includes(token))) {
    report.warn('DIFY_TOKENS has one that is also in API_TOKENS, so it may do everything: give Dify one of its own')
  }
}

function checkChannelTokens(channels: Iterable<Channel>, environment: Environment, report: Report): void {
  const tokens = apiTokensOf(environment)
  const { DIFY_TOKENS: difyTokens } = environment.values
  const owners = new Map<string, string>()
  for (const { id, difyTokens: own } of channels) {
    for (const token of own) {
      const owner = owners.get(token)
      if (owner !== undefined)
        report.bad(`channel ${id}: difyTokens has one of channel ${owner}; a token is good for one channel`)
      owners.set(token, id)
      if (tokens.includes(token) || difyTokens.includes(token)) {
        report.warn(`channel ${id}: difyTokens has one of API_TOKENS or DIFY_TOKENS, so it is good for all channels`)
      }
      if (token.length < SHORT_TOKEN) {
        report.warn(`channel ${id}: difyTokens has one of less than ${SHORT_TOKEN} characters`)
      }
    }
  }
}

function storeOf({ values }: Environment, lookup: Lookup, report: Report): Config['store'] {
  const { REDIS_URL: url, REDIS_PREFIX: prefix, DATA_DIR: directory, SQLITE_SYNC: sync } = values
  if (values.STORE === null && url !== null && directory !== null) {
    report.bad('REDIS_URL and DATA_DIR are both set: say with STORE=redis or STORE=sqlite which of them counts')
  }
  const chosen = values.STORE ?? (url !== null ? 'redis' : directory !== null ? 'sqlite' : 'memory')
  if (chosen !== 'redis' && url !== null && values.STORE !== null) {
    report.warn(`REDIS_URL has no effect: STORE is ${chosen}`)
  }
  if (chosen !== 'sqlite' && directory !== null && values.STORE !== null) {
    report.warn(`DATA_DIR has no effect: STORE is ${chosen}`)
  }
  if (chosen === 'redis' && lookup('REDIS_URL', true).is === 'absent') {
    report.bad(`REDIS_URL is required with STORE=redis: ${settings.REDIS_URL.meaning}`)
  }
  if (chosen === 'sqlite' && directory === null) {
    report.bad(`DATA_DIR is required with STORE=sqlite: ${settings.DATA_DIR.meaning}`)
  }
  if (chosen === 'redis' && url !== null) return { is: 'redis', url, prefix }
  if (chosen === 'sqlite' && directory !== null) return { is: 'sqlite', directory, sync }
  return { is: 'memory' }
}

/** After a restart nothing tells the bot's messages from a person's any more, and what has no evidence is a person's. */
function checkBackfill(channels: Iterable<Channel>, store: Config['store'], report: Report): void {
  const isUsed = [...channels].some(({ policy, token }) => policy.backfillMs > 0 && token !== null)
  if (!isUsed || store.is !== 'memory') return
  report.warn(
    "BACKFILL with the memory store: after a restart the bot's own messages are taken for a person's and pause it; " +
      'set DATA_DIR or REDIS_URL',
  )
}

/**
 * Parses the settings and the channels file into one frozen value, or returns every problem at once. Has no effect
 * besides its arguments.
 */
export function readConfig(env: Env, readFile: ReadFile): ConfigResult {
  const report = createReport()
  const lookup = createLookup(env, readFile, report)
  const environment = readEnvironment(lookup, report)
  checkProxies(environment, report)
  checkTokens(environment, lookup, report)
  checkLengths(environment, report)
  const store = storeOf(environment, lookup, report)
  const notify = notifyOf(environment, lookup, report)
  const { channels, used } = readChannels(environment, lookup, readFile, report)
  checkChannelTokens(channels.values(), environment, report)
  checkBackfill(channels.values(), store, report)
  warnOfUnknownNames(env, used, report)

  const { problems, warnings } = report
  if (problems.length > 0) return { is: 'bad', problems, warnings }
  const { values } = environment
  const config: Config = {
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    // A number of hops is refused above; Fastify's types no longer have it.
    trustProxy: typeof values.TRUST_PROXY === 'number' ? false : values.TRUST_PROXY,
    meta: { appSecrets: values.META_APP_SECRETS, verifyToken: values.META_VERIFY_TOKEN },
    api: {
      auth: values.API_AUTH,
      tokens: values.API_TOKENS,
      difyTokens: values.DIFY_TOKENS,
      ratePerMinute: values.API_RATE_LIMIT,
      anonymousPerMinute: values.ANONYMOUS_RATE_LIMIT,
    },
    limits: { connections: values.MAX_CONNECTIONS, bodyBytes: values.MAX_BODIES_MIB * 1024 * 1024 },
    store,
    channels,
    notify,
    tracesEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    metricsChannels: values.METRICS_CHANNELS === 'on',
    shutdownGraceMs: values.SHUTDOWN_GRACE,
  }
  return { is: 'ok', config: freeze(config), warnings }
}
