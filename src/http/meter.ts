import type { Metric, Registry } from 'prom-client'
import type { Count, FlagEnd } from '../conversation/counts.js'
import type { PauseReason } from '../conversation/state/state.js'
import { unreachable } from '../conversation/text/unreachable.js'
import type { Meter } from '../engine/ports.js'
import { lazy } from '../lazy.js'
import { LABELS } from './metric-labels.js'
import { createChannelMetrics } from './metrics/channels.js'
import { createCounter } from './metrics/counter.js'
import { createDurations, type Durations } from './metrics/durations.js'
import { type Exposition, expose, type Labels, type Sample } from './metrics/expose.js'
import { createHistogram, type Histogram } from './metrics/histogram.js'
import { createShowReadings, type Readings } from './metrics/readings.js'

/** All metrics in Prometheus' format. No label holds an id except that of a page, in metrics/channels.ts. */

export interface Metrics extends Meter {
  readonly durations: Durations
  /** Records the duration of a transaction of the file store. */
  stored(ms: number): void
  /** Keeps only the series of these channels, those of the current settings. */
  keepChannels(ids: Iterable<string>): void
  /** Sets the metrics that are looked up at a scrape. */
  show(found: Readings): void
  /** Begins to measure the process itself; otherwise the first `text` does. */
  watchProcess(): void
  text(): Promise<string>
}

const prometheus = lazy<typeof import('prom-client')>('prom-client')

/** Of what `text` resolves with. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

const PREFIX = 'message_router_'
/** prom-client's sums over all types: gauges must not be named like counters, and PromQL can add. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']
/** A Dify app answers within seconds, and is given up after DIFY_TIMEOUT, two minutes by default. */
const RUN_SECONDS = [0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300]
/** The debounce and the run: seconds normally, minutes after retries, hours for a redriven dead letter. */
const ANSWER_SECONDS = [1, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 900, 3600]
/** A healthy disk takes less than a millisecond, or a few to sync; an overloaded one seconds. */
const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]
/** Well below a millisecond in memory, one or two with Redis; Meta waits five seconds. */
const COMMIT_SECONDS = [0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1, 2.5, 5]
/** Milliseconds normally; the work of a dead process is found within 15 s. */
const LAG_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60]
/** The items that the history has as a customer's message. */
const MESSAGES: ReadonlySet<string> = new Set(['message', 'postback'])
const TAKEOVERS: ReadonlySet<PauseReason> = new Set(['human_echo', 'support_message'])

/** Without channel ids there are no series per channel. */
export function createMetrics(version: string, channelIds: Iterable<string> | null): Metrics {
  const ours: Metric<string>[] = []
  const registry: Exposition = { registerMetric: (metric) => void ours.push(metric) }
  const durations = createDurations(registry)
  const ofChannels = channelIds === null ? null : createChannelMetrics(registry, channelIds)

  const counter = (name: string, help: string, labelNames: readonly string[] = [], known: readonly Labels[] = [{}]) =>
    createCounter(registry, `${PREFIX}${name}_total`, help, labelNames, known)
  const gauge = (name: string, help: string, sample: () => Sample): void =>
    expose(registry, { name: PREFIX + name, help, type: 'gauge' }, () => [sample()])
  const histogram = (of: string, help: string, bounds: readonly number[]): Histogram => {
    const name = `${PREFIX}${of}_seconds`
    const made = createHistogram(bounds)
    expose(registry, { name, help, type: 'histogram' }, () => made.samplesOf(name, {}))
    return made
  }

  gauge('build_info', 'Always 1; the version is a label.', () => ({ labels: { version }, value: 1 }))
  const events = counter('events', 'Items of webhooks.', ['event', 'outcome'], LABELS.events)
  const duplicates = counter(
    'duplicates',
    'Items that were known: delivered again, or echoes of our own.',
    ['reason'],
    LABELS.duplicates,
  )
  const echoes = counter(
    'echoes',
    'Echoes taken in, by who wrote them and how that is known.',
    ['author', 'evidence'],
    LABELS.echoes,
  )
  const backfilled = counter(
    'backfilled',
    'Messages recorded from Meta’s conversations, since no webhook brought them.',
  )
  const flagsSet = counter('flags_set', 'Bot flags raised by marks.')
  const flagsUsed = counter('flags_used', 'Bot flags used up by echoes.')
  const flagsWithdrawn = counter('flags_withdrawn', 'Bot flags that a mark with a count of 0 took back.')
  const flagsExpired = counter('flags_expired', 'Bot flags that no echo came for.')
  const displaced = counter(
    'echoes_displaced',
    'Echoes that a bot flag had vouched for and that proved to be a person’s.',
  )
  const flags: Readonly<Record<'set' | FlagEnd, typeof flagsSet>> = {
    set: flagsSet,
    used: flagsUsed,
    recognised: flagsUsed,
    withdrawn: flagsWithdrawn,
    expired: flagsExpired,
  }
  const pauses = counter('pauses', 'Pauses of the bot begun, or begun anew.', ['reason'], LABELS.pauses)
  const shares = counter('shares', 'Shared posts, by what became of them.', ['outcome'], LABELS.shares)
  const deadLetters = counter('dead_letters', 'Messages given up.', ['reason'], LABELS.deadLetters)
  const early = counter('sends_before_takeover', 'Messages of the bot that left before a takeover was known.')
  const runs = counter('assistant_runs', 'Calls of the assistant, by their end.', ['outcome'], LABELS.runs)
  const runSeconds = histogram('assistant_run', 'How long calls of the assistant took.', RUN_SECONDS)
  const sends = counter('sends', 'Tries to send a message, by their outcome.', ['outcome'], LABELS.sends)
  const commitSeconds = histogram(
    'webhook_commit',
    'From the arrival of a delivery until everything in it was committed.',
    COMMIT_SECONDS,
  )
  const answerSeconds = histogram(
    'answer',
    'From the first message of a question until its whole answer was sent.',
    ANSWER_SECONDS,
  )
  const wakeLag = histogram('wake_lag', 'How much later than due conversations were taken up.', LAG_SECONDS)
  const notifications = counter(
    'notifications',
    'Tries to deliver a notification, and those given up, by outcome.',
    ['outcome'],
    [],
  )
  const storeSeconds = histogram('store_commit', 'How long it took to write to the file, with DATA_DIR.', STORE_SECONDS)
  const showReadings = createShowReadings(registry, PREFIX)
  let clients = 0
  gauge('live_clients', 'WebSocket clients.', () => ({ labels: {}, value: clients }))

  let made: Registry | null = null
  /** All metrics, with those of the process. Their package is not loaded before: it would take a tenth of the start. */
  function all(): Registry {
    if (made !== null) return made
    const { Registry, collectDefaultMetrics } = prometheus()
    made = new Registry()
    collectDefaultMetrics({ register: made })
    for (const name of MISNAMED) made.removeSingleMetric(name)
    for (const metric of ours) made.registerMetric(metric)
    return made
  }

  function add(count: Count, channelId: string): void {
    const channel = ofChannels?.of(channelId)
    switch (count.is) {
      case 'echo':
        echoes.add(1, count.author, count.evidence)
        if (channel !== undefined) channel.messages[count.author] += 1
        return
      case 'flags':
        flags[count.what].add(count.many)
        return
      case 'displaced':
        displaced.add(count.many)
        return
      case 'pause':
        pauses.add(1, count.reason)
        if (channel !== undefined && TAKEOVERS.has(count.reason)) channel.takeovers += 1
        return
      case 'share':
        shares.add(1, count.what)
        return
      case 'dead_letter':
        deadLetters.add(1, count.reason)
        if (channel !== undefined) channel.deadLetters += 1
        return
      case 'backfilled':
        backfilled.add(1)
        if (channel === undefined) return
        channel.backfilled += 1
        // An echo is counted as one besides.
        if (count.author === 'customer') channel.messages.customer += 1
        return
      case 'left_before_takeover':
        early.add(count.many)
        return
      case 'answered':
        answerSeconds.observe(count.ms / 1000)
        return
      default:
        unreachable(count)
    }
  }

  return {
    durations,
    item(event, outcome, reason, channelId, many = 1) {
      events.add(many, event, outcome)
      if (outcome === 'duplicate') duplicates.add(1, reason ?? 'redelivered')
      else if (MESSAGES.has(event) && outcome === 'accepted' && channelId !== null) {
        const channel = ofChannels?.of(channelId)
        if (channel !== undefined) channel.messages.customer += 1
      }
    },
    committed: (ms) => commitSeconds.observe(ms / 1000),
    decided(channelId, counts) {
      for (const count of counts) add(count, channelId)
    },
    run(channelId, outcome, ms) {
      runs.add(1, outcome)
      runSeconds.observe(ms / 1000)
      const channel = ofChannels?.of(channelId)
      // Neither is a failure: nobody waited any more, or the assistant asked for a person.
      if (channel === undefined || outcome === 'cancelled' || outcome === 'handoff') return
      channel.runs[outcome === 'answer' ? 'answered' : 'failed'] += 1
    },
    send(channelId, outcome) {
      sends.add(1, outcome)
      const channel = ofChannels?.of(channelId)
      if (channel === undefined) return
      if (outcome === 'sent') channel.sends.sent += 1
      else if (outcome === 'dead') channel.sends.failed += 1
    },
    woken: (lagMs) => wakeLag.observe(lagMs / 1000),
    notification: (outcome) => notifications.add(1, outcome),
    stored: (ms) => storeSeconds.observe(ms / 1000),
    liveClients(many) {
      clients = many
    },
    keepChannels: (ids) => ofChannels?.keep(ids),
    show(found) {
      showReadings(found)
      ofChannels?.show(found.store?.channels ?? null)
    },
    watchProcess: () => void all(),
    text: () => all().metrics(),
  }
}
