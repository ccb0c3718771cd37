import { randomUUID } from 'node:crypto'
import type { Channel, NotificationType } from '../conversation/channel.js'
import { type Happening, happeningsOf } from '../conversation/notifications.js'
import { type Message, messageId } from '../conversation/state/message.js'
import type { Conversation } from '../conversation/state/state.js'
import { type ChannelFacts, NO_NOTIFICATIONS, type Notification, type Notifier } from '../engine/ports.js'
import { isoTime } from '../iso-time.js'
import type { Target, Targets } from './targets.js'

/** Composes notifications when their event happens, so that a late delivery still describes the state of that time. */

/** Renders conversations and messages as the API does. */
export interface Show {
  conversation(state: Conversation, channel: Channel, now: number): object
  message(message: Message, state: Conversation, channel: Channel): object
  channel(channel: Channel, facts: ChannelFacts): { readonly connected: boolean | null }
}

export function createCompose(targets: Targets, show: Show): Notifier['compose'] {
  return (channel, before, after, records, now) => {
    const told = targets.of(channel.id)
    if (told.length === 0) return NO_NOTIFICATIONS
    const happenings = happeningsOf(before, after, records, now)
    if (happenings.length === 0) return NO_NOTIFICATIONS
    return happenings.flatMap((happening) =>
      notificationsFor(told, happening.type, now, () => dataOf(happening, after, channel, show, now)),
    )
  }
}

/** The notifications of a decision, one for each target that subscribes to its kind of event. */
export function notificationsFor(
  told: readonly Target[],
  type: NotificationType,
  at: number,
  data: () => object,
): readonly Notification[] {
  const wanting = told.filter(({ events }) => events.has(type))
  if (wanting.length === 0) return NO_NOTIFICATIONS
  const body = JSON.stringify({ type, timestamp: isoTime(at), data: data() })
  return wanting.map(({ name }) => ({ id: `msg_${randomUUID()}`, target: name, at, body }))
}

function dataOf({ message, letter }: Happening, state: Conversation, channel: Channel, show: Show, now: number) {
  const { id, createdAt } = state
  return {
    conversation: show.conversation(state, channel, now),
    ...(message !== null && { message: show.message(message, state, channel) }),
    ...(letter !== null && {
      dead_letter: {
        id: messageId(id, createdAt, letter.seq),
        reason: letter.reason,
        at: isoTime(letter.at),
      },
    }),
  }
}
