import type { Config, ConfigResult } from '../config.js'
import type { Assistant, Channel, Hours, NotifyTarget } from '../conversation/channel.js'
import { formatDuration } from '../conversation/text/duration.js'
import { unreachable } from '../conversation/text/unreachable.js'
import { redisUrl } from './redis-url.js'
import type { Setting } from './setting.js'
import { type PolicyName, policyNames, settings } from './settings.js'

type Row = readonly [name: string, value: string]

/** The same length for every secret. */
const MASK = '••••'

const secret = (value: string | null): string => (value === null ? 'none' : MASK)
const secrets = (values: readonly string[]): string => values.map(secret).join(', ') || 'none'
const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

const table = (rows: readonly Row[], indent: string): readonly string[] => {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${indent}${name.padEnd(width)}  ${value.replaceAll('\n', '\\n')}`)
}

function storeRows(store: Config['store']): readonly Row[] {
  const kind: Row = ['STORE', store.is]
  switch (store.is) {
    case 'memory':
      return [kind]
    case 'redis':
      return [kind, ['REDIS_URL', redisUrl.show(store.url)], ['REDIS_PREFIX', store.prefix]]
    case 'sqlite':
      return [kind, ['DATA_DIR', store.directory], ['SQLITE_SYNC', store.sync]]
    default:
      return unreachable(store)
  }
}

const notifyRows = (
  target: NotifyTarget | null,
  [url, key, events]: readonly [string, string, string],
): readonly Row[] =>
  target === null
    ? [[url, 'none']]
    : [
        // The path and the query may hold a secret.
        [url, settings.NOTIFY_URL.kind.show(target.url)],
        [key, secret(target.secret)],
        [events, settings.NOTIFY_EVENTS.kind.show(target.events)],
      ]

const processRows = (config: Config): readonly Row[] => [
  ['HOST', config.host],
  ['PORT', settings.PORT.kind.show(config.port)],
  ['LOG_LEVEL', config.logLevel],
  ['TRUST_PROXY', settings.TRUST_PROXY.kind.show(config.trustProxy)],
  ['META_APP_SECRETS', secrets(config.meta.appSecrets)],
  ['META_VERIFY_TOKEN', MASK],
  ['API_TOKENS', secrets(config.api.tokens)],
  ['DIFY_TOKENS', secrets(config.api.difyTokens)],
  ['API_AUTH', config.api.auth],
  ['API_RATE_LIMIT', settings.API_RATE_LIMIT.kind.show(config.api.ratePerMinute)],
  ['ANONYMOUS_RATE_LIMIT', settings.ANONYMOUS_RATE_LIMIT.kind.show(config.api.anonymousPerMinute)],
  ['MAX_CONNECTIONS', settings.MAX_CONNECTIONS.kind.show(config.limits.connections)],
  ['MAX_BODIES_MIB', settings.MAX_BODIES_MIB.kind.show(config.limits.bodyBytes / 1024 / 1024)],
  ...storeRows(config.store),
  ...notifyRows(config.notify, ['NOTIFY_URL', 'NOTIFY_SECRET', 'NOTIFY_EVENTS']),
  ['OTEL_EXPORTER_OTLP_ENDPOINT', config.tracesEndpoint ?? 'none'],
  ['METRICS_CHANNELS', config.metricsChannels ? 'on' : 'off'],
  ['SHUTDOWN_GRACE', formatDuration(config.shutdownGraceMs)],
]

const policyOf = (channel: Channel, name: PolicyName): string => {
  const { policy, kind }: Setting<unknown> = settings[name]
  const value = channel.policy[policy!]
  return value === null ? 'none' : kind.show(value)
}

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')

const assistantRows = ({ url, key, app, replies, inputs }: Assistant): readonly Row[] => [
  ['dify.url', url],
  ['dify.key', secret(key)],
  ['dify.app', app],
  ['dify.replies', replies],
  ['dify.inputs', Object.keys(inputs).join(', ') || 'none'],
]

const hoursRows = ({ timezone, open, bot, awayText }: Hours): readonly Row[] => [
  ['hours.timezone', timezone],
  ...Object.entries(open).map(
    ([day, spans]): Row => [`hours.open.${day}`, spans.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(', ')],
  ),
  ['hours.bot', bot],
  ['hours.awayText', awayText ?? 'none'],
]

const channelRows = (channel: Channel, own: readonly PolicyName[]): readonly Row[] => [
  ['platform', channel.platform],
  ['name', channel.name ?? 'none'],
  ['owner', channel.owner?.id ?? 'none'],
  ['token', secret(channel.token)],
  ['graphUrl', channel.graphUrl],
  ['sendAs', channel.sendAs],
  ['difyTokens', secrets(channel.difyTokens)],
  ...(channel.assistant === null ? [['dify', 'none: recorded and classified, never answered'] as const] : []),
  ...(channel.assistant === null ? [] : assistantRows(channel.assistant)),
  ...notifyRows(channel.notify, ['notify.url', 'notify.secret', 'notify.events']),
  ['bot.mode', channel.policy.mode],
  ['bot.testers', [...channel.policy.testers].join(', ') || 'none'],
  ...own.map((name): Row => {
    const { bot }: Setting<unknown> = settings[name]
    return [`bot.${bot}`, policyOf(channel, name)]
  }),
  ...(channel.policy.hours === null ? [['hours', 'none: always open'] as const] : hoursRows(channel.policy.hours)),
]

/** Prints the effective settings and channels with secrets masked. Values that all channels share are printed once. */
export function describeConfig(config: Config): string {
  const channels = [...config.channels.values()]
  const [first] = channels
  const own = policyNames.filter((name) => new Set(channels.map((channel) => policyOf(channel, name))).size > 1)
  const shared = first === undefined ? [] : policyNames.filter((name) => !own.includes(name))
  const rows = [
    ...processRows(config),
    ...(first === undefined
      ? []
      : [['META_APP_IDS, BOT_APP_IDS', [...first.policy.botApps].join(', ') || 'none'] as const]),
    ...shared.map((name): Row => [name, policyOf(first!, name)]),
  ]
  return [
    'Settings',
    ...table(rows, '  '),
    ...channels.flatMap((channel) => ['', `Channel ${channel.id}`, ...table(channelRows(channel, own), '  ')]),
  ].join('\n')
}

const listed = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  - ${line}`), '']

/** The output of `npm run check-config`. */
export function describeResult(result: ConfigResult): string {
  const { warnings } = result
  const settled = result.is === 'ok' ? [describeConfig(result.config), ''] : []
  const problems = result.is === 'ok' ? [] : result.problems
  const summary =
    result.is === 'ok'
      ? `The configuration is good: ${plural(result.config.channels.size, 'channel')}, ${plural(warnings.length, 'warning')}.`
      : `The configuration is bad: ${plural(problems.length, 'problem')}, ${plural(warnings.length, 'warning')}.`
  return [...settled, ...listed('Warnings', warnings), ...listed('Problems', problems), summary, ''].join('\n')
}
