import { Gauge, type Registry } from 'prom-client'
import type { Depth } from '../../engine/ports.js'
import type { ChannelSeen } from './channels.js'

/** Metrics that are looked up at a scrape rather than counted as events happen. */
export interface Looked {
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

export function createShowLooked(registry: Registry, prefix: string): (found: Looked) => void {
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: prefix + name, help, labelNames, registers: [registry] })

  const waiting = gauge('notifications_waiting', 'Notifications to be delivered, known to the process that does.')
  const oldest = gauge('notifications_oldest_seconds', 'How long the oldest of them has waited.')
  const fileBytes = gauge('store_file_bytes', 'The size of the file and its log, with DATA_DIR.')
  fileBytes.remove()
  const storeUp = gauge('store_up', '1 while the store answers.')
  const depth = gauge('queue_depth', 'Conversations whose next step is due, or will be later.', 'state')
  const withDeadLetters = gauge('dead_letter_conversations', 'Conversations with messages that could not be sent.')
  const circuits = gauge('assistant_circuits_open', 'Channels whose assistant is known not to work.')
  const channels = gauge('channels', 'Channels, by whether messages of theirs get through.', 'state')
  const lastInbound = gauge('last_inbound_timestamp_seconds', 'When any channel last heard of a customer, 0 for never.')
  const lastEcho = gauge('last_echo_timestamp_seconds', 'When any channel last heard an echo, 0 for never.')

  return ({ openCircuits, notifications, store, fileBytes: bytes }) => {
    circuits.set(openCircuits)
    waiting.set(notifications.many)
    oldest.set(notifications.oldestSeconds)
    if (bytes !== null) fileBytes.set(bytes)
    else fileBytes.remove()
    storeUp.set(store === null ? 0 : 1)
    if (store === null) {
      // The last values are removed rather than kept: they may no longer be true.
      for (const each of [depth, channels]) each.reset()
      for (const each of [withDeadLetters, lastInbound, lastEcho]) each.remove()
      return
    }
    depth.set({ state: 'due' }, store.depth.due)
    depth.set({ state: 'later' }, store.depth.later)
    withDeadLetters.set(store.depth.withDeadLetters)
    const seen = [...store.channels.values()]
    for (const [state, isConnected] of STATES) {
      channels.set({ state }, seen.filter((each) => each.isConnected === isConnected).length)
    }
    lastInbound.set(latest(seen.map(({ lastInboundAt }) => lastInboundAt)) / 1000)
    lastEcho.set(latest(seen.map(({ lastEchoAt }) => lastEchoAt)) / 1000)
  }
}

const STATES = [
  ['connected', true],
  ['broken', false],
  ['unknown', null],
] as const

function latest(times: readonly number[]): number {
  return times.reduce((latest, time) => Math.max(latest, time), 0)
}
