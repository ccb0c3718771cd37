import type { Channel } from '../conversation/channel.js'
import { countsOf } from '../conversation/counts.js'
import { type ConversationId, pageOf } from '../conversation/ids.js'
import { type Ask, createAsk } from './ask.js'
import { createBackfill } from './backfill/backfill.js'
import { type ChannelHealth, createChannelHealth } from './channel-health.js'
import { createDrain } from './drain.js'
import { createErase, type Erase } from './erase.js'
import { createGiveFeedback } from './feedback.js'
import { createTellFlagEnds } from './flag-ends.js'
import { createManners } from './manners.js'
import type { GiveFeedback, Heirs, Log, Meter, Notifier, OnCommit, Receive, Store } from './ports.js'
import { createProbes, type Probes } from './probes.js'
import { createProfiles, type Profiles } from './profiles.js'
import type {
  AssistantClient,
  ConversationReader,
  ProbeOutcome,
  Prober,
  ProfileFinder,
  ReadAnswer,
  Sender,
  VoiceFetcher,
} from './providers.js'
import { createReceive } from './receive.js'
import { createSend, type Send } from './send.js'
import { createTakeStep, type TakeStep } from './steps.js'
import type { Timers } from './timers.js'
import { createUnderWay, type UnderWay } from './under-way.js'
import { createWake } from './wake.js'

/** The parts that carry decisions out, joined by one function: the program and its tests run the same engine. */
export interface Engine {
  readonly receive: Receive
  readonly ask: Ask
  readonly send: Send
  readonly takeStep: TakeStep
  readonly health: ChannelHealth
  readonly profiles: Profiles
  readonly probes: Probes
  readonly erase: Erase
  readonly giveFeedback: GiveFeedback
  readonly underWay: UnderWay
  /** Starts waking conversations at their due times, and looking for missed messages. */
  start(): void
  /** These channels are new, or have changed: their tokens are probed and their missed messages read. */
  changed(channelIds: readonly string[]): void
  /** Stops starting new work. */
  beginDrain(): void
  /** Like `beginDrain`; resolves when the work under way is finished. */
  drain(): Promise<void>
  /** Stops at once and leaves open work to other processes. */
  halt(): Promise<void>
}

export interface EngineParts {
  readonly store: Store
  readonly heirs: Heirs
  readonly sender: Sender
  readonly assistant: AssistantClient
  readonly readAnswer: ReadAnswer
  readonly finder: Pick<ProfileFinder, 'find'>
  readonly voices: VoiceFetcher
  readonly prober: Prober
  readonly reader: ConversationReader
  /** Called with each outcome of a probe. */
  readonly probed: (channel: Channel, outcome: ProbeOutcome) => void
  /** Called when a send met a dead token. */
  readonly tokenRefused: (channel: Channel) => void
  readonly channels: Channels
  readonly notifier: Notifier
  readonly log: Log
  readonly meter: Meter
  readonly timers: Timers
  readonly random: () => number
  /** Wraps `receive` in a span for each event; left out where nothing is traced. */
  readonly traceReceive?: (receive: Receive) => Receive
}

/** The channels of the current settings; a reload replaces them. */
export interface Channels {
  get(channelId: string): Channel | undefined
  ids(): Iterable<string>
}

export function createEngine(parts: EngineParts): Engine {
  const { store, heirs, assistant, channels, notifier, log, meter, timers, traceReceive = asItIs } = parts
  const channelOf = (id: ConversationId): Channel | undefined => channels.get(pageOf(id))
  const tellFlagEnds = createTellFlagEnds(log)
  const afterCommit: OnCommit[] = []
  const received = createReceive({
    store,
    onCommit(state, dueAt, made) {
      for (const tell of afterCommit) tell(state, dueAt, made)
    },
    compose: notifier.compose,
  })
  const receive = traceReceive(received)
  const underWay = createUnderWay()
  const health = createChannelHealth(parts)
  const manners = createManners({ ...parts, health })
  const ask = createAsk({ ...parts, receive, underWay, manners })
  const send = createSend({ ...parts, receive, underWay, health })
  const profiles = createProfiles({ ...parts, receive, channelOf })
  const takeStep = createTakeStep({ store, receive, ask, send, log, underWay, meter, timers })
  const wake = createWake({ store, takeStep, channelOf, log, timers })
  const drain = createDrain({ store, heirs, takeStep, channelOf, ask, wake, underWay, log, timers })
  const ofChannels = { channelOf: channels.get, allIds: channels.ids }
  const probes = createProbes({ ...parts, ...ofChannels })
  const backfill = createBackfill({ ...parts, ...ofChannels, receive })

  afterCommit.push(
    (state, _dueAt, { before, event, decision, policy, now }) => {
      const counts = countsOf(before, state, event, decision, policy, now)
      if (counts.length > 0) meter.decided(pageOf(state.id), counts)
      tellFlagEnds(state.id, counts)
    },
    (state) => ask.compare(state),
    (state) => manners.compare(state),
    (state) => {
      if (state.waiting.length > 0) profiles.want(state)
    },
    (_state, dueAt) => wake.hint(dueAt),
    (state, dueAt) => drain.note(state, dueAt),
    (_state, _dueAt, { notifications }) => {
      if (notifications.length > 0) notifier.committed()
    },
  )

  return {
    receive,
    ask,
    send,
    takeStep,
    health,
    profiles,
    probes,
    erase: createErase({ store, receive, ask, drain, assistant, underWay, log }),
    giveFeedback: createGiveFeedback({ receive, assistant, underWay, log }),
    underWay,
    start() {
      wake.start()
      backfill.start()
    },
    changed(channelIds) {
      probes.soon(channelIds)
      backfill.soon(channelIds)
    },
    beginDrain() {
      profiles.stop()
      void backfill.stop()
      drain.begin()
    },
    async drain() {
      profiles.stop()
      const reading = backfill.stop()
      await drain.run()
      await reading
      manners.stop()
    },
    async halt() {
      manners.stop()
      await backfill.stop()
      await wake.stop()
    },
  }
}

const asItIs = (receive: Receive): Receive => receive
