import { randomUUID } from 'node:crypto'
import type { Channel } from '../conversation/channel.js'
import type { Send as SendEvent } from '../conversation/event.js'
import { markOf } from '../conversation/expected/our-mark.js'
import { type ConversationId, userOf } from '../conversation/ids.js'
import { type Attachment, type Message, OWN_SOURCE } from '../conversation/state/message.js'
import type { Part } from '../conversation/state/outbox-state.js'
import type { Conversation } from '../conversation/state/state.js'
import type { ChannelHealth } from './channel-health.js'
import { persist } from './persist.js'
import type { Log, Meter, Receive, Received, Store } from './ports.js'
import type { Outgoing, Sender, SendReply } from './providers.js'
import type { Timers } from './timers.js'
import type { UnderWay } from './under-way.js'

/** Sends the first part in a conversation's outbox. */
export type Send = (id: ConversationId, channel: Channel, slotAt: number) => Promise<void>

/** A rate slot held longer than this is lost: its second has passed, and other sends have used it. */
const SLOT_LIFE_MS = 1_000

export function createSend(parts: {
  readonly sender: Sender
  readonly store: Store
  readonly health: ChannelHealth
  readonly receive: Receive
  readonly log: Log
  readonly random: () => number
  readonly underWay: UnderWay
  readonly meter: Meter
  readonly timers: Timers
}): Send {
  const { sender, store, health, receive, log, random, underWay, meter, timers } = parts

  async function deliver(
    { state, freshUntil }: Received,
    channel: Channel,
    part: Part,
    tag: string | null,
  ): Promise<void> {
    const { id } = state
    const startedAt = store.now()
    // A part that a person asked for is sent even to a channel that is known to fail: it also tests whether the channel
    // works again.
    const refusal: SendReply | null = part.leaves === 'always' ? null : health.refusal(channel)
    const outcome = refusal ?? (await sender.send(channel, outgoingOf(state, channel, part, tag), freshUntil))
    if (refusal === null && outcome.is !== 'stale') health.heed(channel, outcome)
    meter.send(channel.id, outcome.is)
    const { seq } = part.message
    const ms = store.now() - startedAt
    const facts = {
      conversation_id: id,
      seq,
      attempt: part.attempts,
      outcome: outcome.is,
      ms,
      ...outcomeFacts(outcome),
    }
    try {
      const { type } = part.message
      const made = { createdAt: state.createdAt, type, seq, attempt: part.attempts }
      const event = { is: 'send_result', ...made, end: outcome, random: random() } as const
      await persist(timers, () => receive(id, channel, event, null))
      if (outcome.is === 'sent') log.info(facts, wordsFor(part.message, outcome.mid))
      else if (outcome.is === 'stale')
        log.warn(facts, 'the process stood still between decision and send: it decides again')
      else log.warn(facts, 'message not sent')
    } catch (error) {
      log.error({ ...facts, err: error }, 'could not record what became of a message')
    }
  }

  async function sendAfterAll(id: ConversationId, channel: Channel, event: SendEvent): Promise<void> {
    try {
      const received = await persist(timers, () => receive(id, channel, event, null))
      const { leaving } = received.verdict
      if (leaving !== null) await deliver(received, channel, leaving.part, leaving.tag)
    } catch (error) {
      log.warn(
        { conversation_id: id, reason: String(error) },
        'could not find out whether a message is still to be sent',
      )
    }
  }

  /** The slot that the part has, unless it was lost. */
  function slotFor(channel: Channel, slotAt: number): number | Promise<number> {
    const now = store.now()
    const restUntil = health.restsUntil(channel)
    if (slotAt > 0 && now - slotAt < SLOT_LIFE_MS && now >= restUntil) return slotAt
    return store.takeSlot(channel.id, channel.policy.sendRate, restUntil)
  }

  return async (id, channel, slotAt) => {
    const event: SendEvent = { is: 'send', claim: randomUUID(), slotAt: await slotFor(channel, slotAt) }
    const received = await Promise.resolve()
      .then(() => receive(id, channel, event, null))
      .catch((error: unknown) => {
        // The commit may have succeeded although it reported a failure, and then no other process would send the part.
        underWay.add(sendAfterAll(id, channel, event))
        throw error
      })
    const { leaving } = received.verdict
    if (leaving !== null) underWay.add(deliver(received, channel, leaving.part, leaving.tag))
  }
}

function outgoingOf(
  { id, createdAt, outbox }: Conversation,
  channel: Channel,
  { message, quickReplies, group }: Part,
  tag: string | null,
): Outgoing {
  const [attachment] = message.attachments
  return {
    userId: userOf(id),
    text: message.text,
    attachment: attachment === undefined ? null : fileOf(attachment),
    quickReplies,
    tag,
    metadata: channel.platform === 'facebook' ? markOf({ type: message.type, seq: message.seq, createdAt }) : null,
    traceparent: traceOf(outbox.parts, group),
  }
}

/** An answer's last part knows which messages it answers. */
function traceOf(parts: readonly Part[], group: number): string | null {
  const last = parts.findLast((part) => part.group === group)!
  return last.answers.findLast(({ origin }) => origin.traceparent !== null)?.origin.traceparent ?? null
}

function fileOf({ kind, url }: Attachment): Outgoing['attachment'] {
  const type = kind === 'voice' ? 'audio' : kind === 'image' || kind === 'video' ? kind : 'file'
  return { type, url: url! }
}

/**
 * The log line's text, with the wording that operators of the earlier systems search for when another program asked
 * for the send.
 */
function wordsFor({ origin: { source } }: Message, mid: string | null): string {
  if (source === null || source === OWN_SOURCE || mid === null) return 'message sent'
  return `message sent · 📝 [${source}] Stored Instagram message_id in metadata`
}

function outcomeFacts(outcome: SendReply): object {
  if (outcome.is === 'stale') return {}
  return outcome.is === 'sent' ? { mid: outcome.mid } : { code: outcome.code }
}
