import { dropParts } from '../outbox/outbox.js'
import type { Draft } from '../state/draft.js'
import type { Message } from '../state/message.js'
import { isOneOf } from '../text/words.js'
import { dropQuestions, personSpoke } from './takeover.js'

/**
 * A person's message that is only read now, by a backfill. It pauses the bot from the time when it was written; a pause
 * that would be over by now is none.
 */
export function personSpokeEarlier(draft: Draft, message: Message): void {
  const { policy, now } = draft
  personSpoke(draft, message, 'human_echo', message.at)
  const isOver = policy.pauseMs > 0 && now - message.at >= policy.pauseMs
  const isHandBack = isOneOf(message.text, policy.resumeWords)
  if (isOver && !isHandBack && isAnswered(draft, message.at)) {
    dropQuestions(draft, 'answered')
    dropParts(draft)
  }
}

/**
 * Everything that is being asked was written before the person's message: the person has answered it, and the bot must
 * not answer it again. Where the customer has written since, all of it is asked, as it is one question.
 */
function isAnswered({ state }: Draft, personAt: number): boolean {
  const { run, share } = state.asking
  const held = share === null ? [] : [share.message]
  const open = [
    ...(run?.messages ?? []),
    ...state.waiting,
    ...held,
    ...state.outbox.parts.map(({ message }) => message),
  ]
  return open.every(({ at }) => at <= personAt)
}
