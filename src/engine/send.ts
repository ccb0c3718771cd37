import type { Channel } from '../conversation/channel.js'
import { type ConversationId, userOf } from '../conversation/ids.js'
import type { Attachment } from '../conversation/message.js'
import { markOf } from '../conversation/our-mark.js'
import type { Part } from '../conversation/state.js'
import type { Outgoing, Sender, SendOutcome } from './outside.js'
import { persist } from './persist.js'
import type { Log, Receive, Store } from './ports.js'
import type { UnderWay } from './under-way.js'

/** Sends what is first in a conversation's outbox. */
export type Send = (id: ConversationId, channel: Channel, part: Part) => Promise<void>

/** A place in the rate that was kept for longer than that is gone: others have had the second it was in. */
const SLOT_LIFE_MS = 1_000
/** A dead token is tried once in so long, and not with every message. */
const TROUBLE_REST_MS = 60_000
/** Meta names no time to wait for most of its limits. */
const LIMITED_REST_MS = 1_000

export function createSend(parts: {
  readonly sender: Sender
  readonly store: Store
  readonly receive: Receive
  readonly log: Log
  readonly random: () => number
  readonly underWay: UnderWay
}): Send {
  const { sender, store, receive, log, random, underWay } = parts
  /** Channels that Meta wants to rest, and until when. */
  const resting = new Map<string, number>()
  /** Channels of which no message gets through. */
  const troubled = new Map<string, { readonly code: string; readonly until: number }>()

  async function deliver(id: ConversationId, channel: Channel, part: Part, tag: string | null): Promise<void> {
    const startedAt = store.now()
    const outcome = await attempt(channel, outgoingOf(id, channel, part, tag))
    heed(channel, outcome)
    const { seq } = part.message
    const ms = store.now() - startedAt
    const facts = { conversation_id: id, seq, attempt: part.attempts, outcome: outcome.is, ms, ...told(outcome) }
    try {
      const event = { is: 'send_result', seq, attempt: part.attempts, end: outcome, random: random() } as const
      await persist(() => receive(id, channel, event, null))
      if (outcome.is === 'sent') log.info(facts, 'message sent')
      else log.warn(facts, 'message not sent')
    } catch (error) {
      log.error({ ...facts, err: error }, 'could not record what became of a message')
    }
  }

  async function attempt(channel: Channel, outgoing: Outgoing): Promise<SendOutcome> {
    const trouble = troubled.get(channel.id)
    if (trouble !== undefined && store.now() < trouble.until) {
      return { is: 'dead', reason: 'channel_unusable', code: trouble.code }
    }
    return sender.send(channel, outgoing)
  }

  /** What one send tells about the ones to follow it. */
  function heed(channel: Channel, outcome: SendOutcome): void {
    const now = store.now()
    switch (outcome.is) {
      case 'sent':
        store.noteChannel(channel.id, 'sent', now)
        if (outcome.restMs > 0) rest(channel, outcome.restMs, now)
        if (!troubled.delete(channel.id)) return
        store.noteTrouble(channel.id, null)
        log.info({ channel: channel.id }, 'messages of the channel get through again')
        return
      case 'later':
        rest(channel, Math.max(outcome.afterMs, LIMITED_REST_MS), now)
        return
      case 'dead': {
        const known = troubled.get(channel.id)
        if (outcome.reason !== 'channel_unusable' || (known !== undefined && now < known.until)) return
        troubled.set(channel.id, { code: outcome.code, until: now + TROUBLE_REST_MS })
        store.noteTrouble(channel.id, { at: now, code: outcome.code })
        log.error({ channel: channel.id, code: outcome.code }, WHAT_TO_DO)
        return
      }
      case 'unknown':
        return
    }
  }

  function rest(channel: Channel, ms: number, now: number): void {
    resting.set(channel.id, Math.max(resting.get(channel.id) ?? 0, now + ms))
  }

  function slotFor(channel: Channel, part: Part): number | Promise<number> {
    const now = store.now()
    const restUntil = resting.get(channel.id) ?? 0
    if (part.slotAt > 0 && now - part.slotAt < SLOT_LIFE_MS && now >= restUntil) return part.slotAt
    return store.takeSlot(channel.id, channel.policy.sendRate, restUntil)
  }

  return async (id, channel, part) => {
    const slotAt = await slotFor(channel, part)
    const { verdict } = await receive(id, channel, { is: 'send', slotAt }, null)
    const { task } = verdict
    if (task?.is === 'send') underWay.add(deliver(id, channel, task.part, task.tag))
  }
}

const WHAT_TO_DO =
  'no message of this channel gets through: give it a new token and the permission to send, then redrive its dead letters'

function outgoingOf(id: ConversationId, channel: Channel, { message }: Part, tag: string | null): Outgoing {
  const [attachment] = message.attachments
  return {
    userId: userOf(id),
    text: message.text,
    attachment: attachment === undefined ? null : fileOf(attachment),
    tag,
    metadata: channel.platform === 'facebook' ? markOf(message) : null,
  }
}

function fileOf({ kind, url }: Attachment): Outgoing['attachment'] {
  const type = kind === 'voice' ? 'audio' : kind === 'image' || kind === 'video' ? kind : 'file'
  return { type, url: url! }
}

function told(outcome: SendOutcome): object {
  return outcome.is === 'sent' ? { mid: outcome.mid } : { code: outcome.code }
}
