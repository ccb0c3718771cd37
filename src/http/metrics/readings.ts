import type { Depth } from '../../engine/ports.js'
import type { ChannelSeen } from './channels.js'
import { type Exposition, expose, type Sample } from './expose.js'

/** Metrics that are looked up at a scrape rather than counted as events happen. */
export interface Readings {
  readonly openCircuits: number
  readonly notifications: { readonly many: number; readonly oldestSeconds: number }
  /** The size of the store's file; null without one. */
  readonly fileBytes: number | null
  /** Null when the store is unreachable. */
  readonly store: InStore | null
}

export interface InStore {
  readonly depth: Depth
  readonly channels: ReadonlyMap<string, ChannelSeen>
}

export function createShowReadings(registry: Exposition, prefix: string): (found: Readings) => void {
  let found: Readings = NOTHING

  function gauge(name: string, help: string, samples: (found: Readings) => readonly Sample[]): void {
    expose(registry, { name: prefix + name, help, type: 'gauge' }, () => samples(found))
  }
  /** Without a store there is no value: the last one may no longer be true. */
  function inStore(name: string, help: string, read: (store: InStore) => number): void {
    gauge(name, help, ({ store }) => (store === null ? [] : one(read(store))))
  }
  const latestOf = (timeOf: (seen: ChannelSeen) => number) => (store: InStore) =>
    seenIn(store).reduce((latest, seen) => Math.max(latest, timeOf(seen)), 0) / 1000

  gauge('notifications_waiting', 'Notifications to be delivered, known to the process that does.', (of) =>
    one(of.notifications.many),
  )
  gauge('notifications_oldest_seconds', 'How long the oldest of them has waited.', (of) =>
    one(of.notifications.oldestSeconds),
  )
  gauge('store_file_bytes', 'The size of the file and its log, with DATA_DIR.', ({ fileBytes }) =>
    fileBytes === null ? [] : one(fileBytes),
  )
  gauge('store_up', '1 while the store answers.', ({ store }) => one(store === null ? 0 : 1))
  gauge('queue_depth', 'Conversations whose next step is due, or will be later.', ({ store }) =>
    store === null
      ? []
      : (['due', 'later'] as const).map((state) => ({ labels: { state }, value: store.depth[state] })),
  )
  inStore(
    'dead_letter_conversations',
    'Conversations with messages that could not be sent.',
    ({ depth }) => depth.withDeadLetters,
  )
  gauge('assistant_circuits_open', 'Channels whose assistant is known not to work.', (of) => one(of.openCircuits))
  gauge('channels', 'Channels, by whether messages of theirs get through.', ({ store }) =>
    store === null
      ? []
      : STATES.map(([state, isConnected]) => ({
          labels: { state },
          value: seenIn(store).filter((each) => each.isConnected === isConnected).length,
        })),
  )
  inStore(
    'last_inbound_timestamp_seconds',
    'When any channel last heard of a customer, 0 for never.',
    latestOf(({ lastInboundAt }) => lastInboundAt),
  )
  inStore(
    'last_echo_timestamp_seconds',
    'When any channel last heard an echo, 0 for never.',
    latestOf(({ lastEchoAt }) => lastEchoAt),
  )

  return (now) => {
    found = now
  }
}

const NOTHING: Readings = {
  openCircuits: 0,
  notifications: { many: 0, oldestSeconds: 0 },
  fileBytes: null,
  store: null,
}

const STATES = [
  ['connected', true],
  ['broken', false],
  ['unknown', null],
] as const

function seenIn({ channels }: InStore): readonly ChannelSeen[] {
  return [...channels.values()]
}

function one(value: number): readonly Sample[] {
  return [{ labels: {}, value }]
}
