import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Count, FlagEnd } from '../conversation/counts.js'
import { unreachable } from '../conversation/text/unreachable.js'
import type { Depth, Meter } from '../engine/ports.js'
import { LABELS } from './metric-labels.js'

/** What is counted, in the words of Prometheus. No id is ever a label: there are as many ids as customers. */

export interface Metrics extends Meter {
  /** How long the store in a file took for a transaction. */
  stored(ms: number): void
  /** What is not counted as it happens but looked up when somebody asks. */
  show(found: Looked): void
  text(): Promise<string>
  readonly contentType: string
}

export interface Looked {
  readonly openCircuits: number
  readonly notifications: { readonly many: number; readonly oldestSeconds: number }
  /** Of the store's file, null where it has none. */
  readonly fileBytes: number | null
  /** Null where it is out of reach. */
  readonly store: InStore | null
}

export interface InStore {
  readonly depth: Depth
  readonly channels: { readonly connected: number; readonly broken: number; readonly unknown: number }
  /** 0 for never. */
  readonly lastInboundAt: number
  readonly lastEchoAt: number
}

const PREFIX = 'message_router_'
/** A Dify app answers within seconds, and is given up after DIFY_TIMEOUT, two minutes by default. */
const RUN_SECONDS = [0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300]
/** A disk that is well takes less than one millisecond, or some where it must make sure; an overloaded one seconds. */
const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]
/** Milliseconds while all is well; with a process dead its work is found within 15 s. */
const LAG_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60]

export function createMetrics(version: string): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: PREFIX })
  const registers = [registry]
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name: `${PREFIX}${name}_total`, help, labelNames, registers })
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: PREFIX + name, help, labelNames, registers })
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `${PREFIX}${name}_seconds`, help, buckets, registers })

  gauge('build_info', 'Always 1; the version is a label.', 'version').set({ version }, 1)
  const events = counter('events', 'Items of webhooks.', 'event', 'outcome')
  const duplicates = counter('duplicates', 'Items that were known: delivered again, or echoes of our own.', 'reason')
  const echoes = counter('echoes', 'Echoes taken in, by who wrote them and how that is known.', 'author', 'evidence')
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
  const pauses = counter('pauses', 'Pauses of the bot begun, or begun anew.', 'reason')
  const shares = counter('shares', 'Shared posts, by what became of them.', 'outcome')
  const deadLetters = counter('dead_letters', 'Messages given up.', 'reason')
  const early = counter('sends_before_takeover', 'Messages of the bot that left before a takeover was known.')
  const runs = counter('assistant_runs', 'Calls of the assistant, by their end.', 'outcome')
  const runSeconds = histogram('assistant_run', 'How long calls of the assistant took.', RUN_SECONDS)
  const sends = counter('sends', 'Tries to send a message, by their outcome.', 'outcome')
  const wakeLag = histogram('wake_lag', 'How much later than due conversations were taken up.', LAG_SECONDS)
  // A rate over a series that begins with its first event does not see that event: each begins at 0.
  const all = [
    [events, LABELS.events],
    [duplicates, LABELS.duplicates],
    [echoes, LABELS.echoes],
    [pauses, LABELS.pauses],
    [shares, LABELS.shares],
    [deadLetters, LABELS.deadLetters],
    [runs, LABELS.runs],
    [sends, LABELS.sends],
  ] as const
  for (const [each, labels] of all) for (const one of labels) each.inc(one, 0)
  const notifications = counter(
    'notifications',
    'Tries to deliver a notification, and those given up, by outcome.',
    'outcome',
  )
  const waiting = gauge('notifications_waiting', 'Notifications to be delivered, known to the process that does.')
  const oldest = gauge('notifications_oldest_seconds', 'How long the oldest of them has waited.')
  const storeSeconds = histogram('store_commit', 'How long it took to write to the file, with DATA_DIR.', STORE_SECONDS)
  const fileBytes = gauge('store_file_bytes', 'The size of the file and its log, with DATA_DIR.')
  fileBytes.remove()
  const clients = gauge('live_clients', 'WebSocket clients.')
  clients.set(0)
  const storeUp = gauge('store_up', '1 while the store answers.')
  const depth = gauge('queue_depth', 'Conversations whose next step is due, or will be later.', 'state')
  const withDeadLetters = gauge('dead_letter_conversations', 'Conversations with messages that could not be sent.')
  const circuits = gauge('assistant_circuits_open', 'Channels whose assistant is known not to work.')
  const channels = gauge('channels', 'Channels, by whether messages of theirs get through.', 'state')
  const lastInbound = gauge('last_inbound_timestamp_seconds', 'When any channel last heard of a customer, 0 for never.')
  const lastEcho = gauge('last_echo_timestamp_seconds', 'When any channel last heard an echo, 0 for never.')

  function add(count: Count): void {
    switch (count.is) {
      case 'echo':
        echoes.inc({ author: count.author, evidence: count.evidence })
        return
      case 'flags':
        flags[count.what].inc(count.many)
        return
      case 'displaced':
        displaced.inc(count.many)
        return
      case 'pause':
        pauses.inc({ reason: count.reason })
        return
      case 'share':
        shares.inc({ outcome: count.what })
        return
      case 'dead_letter':
        deadLetters.inc({ reason: count.reason })
        return
      case 'left_before_takeover':
        early.inc(count.many)
        return
      default:
        unreachable(count)
    }
  }

  return {
    item(event, outcome, reason, many = 1) {
      events.inc({ event, outcome }, many)
      if (outcome === 'duplicate') duplicates.inc({ reason: reason ?? 'redelivered' })
    },
    decided(counts) {
      for (const count of counts) add(count)
    },
    run(outcome, ms) {
      runs.inc({ outcome })
      runSeconds.observe(ms / 1000)
    },
    send: (outcome) => sends.inc({ outcome }),
    woken: (lagMs) => wakeLag.observe(lagMs / 1000),
    notification: (outcome) => notifications.inc({ outcome }),
    stored: (ms) => storeSeconds.observe(ms / 1000),
    liveClients: (many) => clients.set(many),
    show({ openCircuits, notifications: { many, oldestSeconds }, store, fileBytes: bytes }) {
      circuits.set(openCircuits)
      waiting.set(many)
      oldest.set(oldestSeconds)
      if (bytes !== null) fileBytes.set(bytes)
      else fileBytes.remove()
      storeUp.set(store === null ? 0 : 1)
      if (store === null) {
        // What was true is not known to be so now.
        for (const each of [depth, channels]) each.reset()
        for (const each of [withDeadLetters, lastInbound, lastEcho]) each.remove()
        return
      }
      depth.set({ state: 'due' }, store.depth.due)
      depth.set({ state: 'later' }, store.depth.later)
      withDeadLetters.set(store.depth.withDeadLetters)
      for (const [state, many] of Object.entries(store.channels)) channels.set({ state }, many)
      lastInbound.set(store.lastInboundAt / 1000)
      lastEcho.set(store.lastEchoAt / 1000)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
