import type { Author } from '../../conversation/state/message.js'
import { type Exposition, expose, type Sample } from './expose.js'

/** `message_router_channel_*{channel}`: the only series with an id, that of a page in the settings. */
export interface ChannelMetrics {
  /** The counters of a page; undefined when it is not in the settings. */
  of(channelId: string): ChannelCounts | undefined
  /** Keeps only the series of these channels, those of the current settings. */
  keep(ids: Iterable<string>): void
  /** Sets what the store knows of the channels; null when it is unreachable. */
  show(seen: ReadonlyMap<string, ChannelSeen> | null): void
}

export interface ChannelCounts {
  readonly messages: Record<Author, number>
  readonly runs: { answered: number; failed: number }
  readonly sends: { sent: number; failed: number }
  takeovers: number
  deadLetters: number
  backfilled: number
}

export interface ChannelSeen {
  /** Null when unknown. */
  readonly isConnected: boolean | null
  /** 0 for never. */
  readonly lastInboundAt: number
  readonly lastEchoAt: number
}

const PREFIX = 'message_router_channel_'

export function createChannelMetrics(registry: Exposition, ids: Iterable<string>): ChannelMetrics {
  let channels = new Map<string, ChannelCounts>()
  let seen: ReadonlyMap<string, ChannelSeen> = new Map()

  function counter(name: string, help: string, read: (counts: ChannelCounts) => number): void {
    expose(registry, { name: `${PREFIX}${name}_total`, help, type: 'counter' }, () =>
      [...channels].map(([channel, counts]) => ({ labels: { channel }, value: read(counts) })),
    )
  }

  function counterBy(
    label: string,
    name: string,
    help: string,
    valuesOf: (counts: ChannelCounts) => Readonly<Record<string, number>>,
  ): void {
    expose(registry, { name: `${PREFIX}${name}_total`, help, type: 'counter' }, () =>
      [...channels].flatMap(([channel, counts]) =>
        Object.entries(valuesOf(counts)).map(([word, value]) => ({ labels: { channel, [label]: word }, value })),
      ),
    )
  }

  function gauge(name: string, help: string, read: (facts: ChannelSeen) => number | null): void {
    expose(registry, { name: PREFIX + name, help, type: 'gauge' }, () =>
      [...seen].flatMap(([channel, facts]): readonly Sample[] => {
        const value = read(facts)
        return value === null ? [] : [{ labels: { channel }, value }]
      }),
    )
  }

  counterBy(
    'author',
    'messages',
    'Messages by who wrote them; those of our side are counted by their echoes.',
    (of) => of.messages,
  )
  counterBy(
    'outcome',
    'assistant_runs',
    'Calls of the assistant that ended with an answer, or without.',
    (of) => of.runs,
  )
  counterBy('outcome', 'sends', 'Tries to send that Meta took, or refused for good.', (of) => of.sends)
  counter('takeovers', 'Pauses of the bot begun, or begun anew, by a person’s message.', (of) => of.takeovers)
  counter('dead_letters', 'Messages given up.', (of) => of.deadLetters)
  counter('backfilled', 'Messages recorded from Meta’s conversations.', (of) => of.backfilled)
  gauge('connected', '1 while messages get through, 0 while they are refused; nothing while that is unknown.', (of) =>
    of.isConnected === null ? null : Number(of.isConnected),
  )
  gauge(
    'last_inbound_timestamp_seconds',
    'When a customer was last heard of, 0 for never.',
    (of) => of.lastInboundAt / 1000,
  )
  gauge('last_echo_timestamp_seconds', 'When an echo was last heard, 0 for never.', (of) => of.lastEchoAt / 1000)

  const metrics: ChannelMetrics = {
    of: (id) => channels.get(id),
    keep(ids) {
      channels = new Map([...ids].map((id) => [id, channels.get(id) ?? noCounts()]))
    },
    show(facts) {
      seen = facts ?? new Map()
    },
  }
  metrics.keep(ids)
  return metrics
}

function noCounts(): ChannelCounts {
  return {
    messages: { customer: 0, bot: 0, human: 0, automation: 0 },
    runs: { answered: 0, failed: 0 },
    sends: { sent: 0, failed: 0 },
    takeovers: 0,
    deadLetters: 0,
    backfilled: 0,
  }
}
