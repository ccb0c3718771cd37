import type { Conversation } from '../../view/shapes.js'
import { timeLeft } from '../../view/time.js'
import { now } from '../state.js'
import { Icon } from './icons.js'

/** Who has the conversation, bot or person, and until when. */
export function BotBadge({ of: { bot, state } }: { readonly of: Pick<Conversation, 'bot' | 'state'> }) {
  if (state === 'closed') {
    return (
      <span class="badge quiet">
        <Icon name="check" /> Closed
      </span>
    )
  }
  if (bot.enabled) {
    return (
      <span class="badge bot">
        <Icon name="bot" /> Bot
      </span>
    )
  }
  return (
    <span class="badge person">
      <Icon name="person" /> Person
      {bot.paused_until !== null && <Clock until={Date.parse(bot.paused_until)} />}
    </span>
  )
}

export function Clock({ until }: { readonly until: number }) {
  // The countdown is hidden from screen readers.
  return <span class="clock"> {timeLeft(until - now.value)}</span>
}
