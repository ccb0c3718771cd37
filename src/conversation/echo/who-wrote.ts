import type { Policy } from '../channel.js'
import type { Echo } from '../event.js'
import type { Evidence, Message, MessageType } from '../state/message.js'
import type { Conversation } from '../state/state.js'
import { unreachable } from '../text/unreachable.js'
import {
  isInFlagTail,
  judgedAt,
  noteFlagUse,
  sentWithContent,
  sentWithId,
  useFlag,
  withoutSent,
} from './expected-echoes.js'
import { ourMark } from './our-mark.js'

/** Who wrote an echo: the first line that holds decides. */
export type Finding =
  | {
      /** A message that we sent or were told of. It is in the history already, unless that has been forgotten. */
      readonly is: 'ours'
      readonly type: MessageType
      readonly evidence: Evidence
      readonly message: Message | null
      readonly state: Conversation
    }
  | {
      readonly is: 'new'
      readonly type: MessageType
      readonly evidence: Evidence
      readonly state: Conversation
    }

/** What the store knows of an echo's message id. */
export interface KnownId {
  readonly isOurs: boolean
  readonly message: Message | null
}

export function whoWrote(state: Conversation, echo: Echo, known: KnownId, policy: Policy, now: number): Finding {
  const at = judgedAt(echo.at, now)
  return (
    ourMessage(state, echo, known, policy, at) ??
    flagged(state, echo, policy, at) ?? { is: 'new', state, ...stranger(state, echo, policy, at) }
  )
}

function ourMessage(state: Conversation, echo: Echo, known: KnownId, policy: Policy, at: number): Finding | null {
  const byId = sentWithId(state, echo.mid)
  if (byId !== null) return ours(withoutSent(state, byId), byId.message, 'message_id', echo, at)
  if (known.isOurs) return ours(state, known.message, 'message_id', echo, at)
  const mark = policy.platform === 'facebook' ? ourMark(echo.metadata) : null
  if (mark !== null && mark.createdAt === state.createdAt) {
    const marked = state.sent.find((sent) => sent.message.seq === mark.seq) ?? null
    if (marked !== null) return ours(withoutSent(state, marked), marked.message, 'metadata', echo, at)
    const open = [...state.outbox.parts, ...state.outbox.dead.flatMap((letter) => letter.parts)]
    const part = open.find(({ message }) => message.seq === mark.seq)
    if (part !== undefined) return ours(state, part.message, 'metadata', echo, at)
  }
  if (mark !== null) return { is: 'ours', type: mark.type, evidence: 'metadata', message: null, state }
  const byContent = sentWithContent(state, echo, at)
  if (byContent !== null) return ours(withoutSent(state, byContent), byContent.message, 'text', echo, at)
  return null
}

function ours(state: Conversation, message: Message | null, evidence: Evidence, echo: Echo, at: number): Finding {
  const type = message?.type ?? 'AI'
  const isFirstEcho = message !== null && message.evidence === null
  if (!isFirstEcho || type === 'support') return { is: 'ours', type, evidence, message, state }
  // Its mark did its work without being looked at; left alone it would pass the next person off as the bot. It opens no
  // tail: this answer's parts are known one by one.
  return { is: 'ours', type, evidence, message, state: useFlag(state, echo.text, at, message.at) ?? state }
}

function flagged(state: Conversation, echo: Echo, policy: Policy, at: number): Finding | null {
  if (policy.platform !== 'instagram') return null
  const used = useFlag(state, echo.text, at, Number.POSITIVE_INFINITY)
  if (used !== null) return { is: 'new', type: 'AI', evidence: 'flag', state: noteFlagUse(used, at) }
  if (isInFlagTail(state, at, policy.flagTailMs)) return { is: 'new', type: 'AI', evidence: 'flag_tail', state }
  return null
}

function stranger(
  state: Conversation,
  echo: Echo,
  policy: Policy,
  at: number,
): { type: MessageType; evidence: Evidence } {
  if (echo.appId !== null && policy.botApps.has(echo.appId)) return { type: 'AI', evidence: 'app_id' }
  if (echo.appId !== null && policy.platform === 'facebook') return { type: foreignApp(policy), evidence: 'app_id' }
  if (echo.storyMention) return { type: 'automation', evidence: 'story' }
  if (state.promptAt > 0 && at <= state.promptAt + policy.autoReplyWindowMs && policy.autoReplyWindowMs > 0) {
    return { type: 'automation', evidence: 'auto_reply' }
  }
  return { type: 'support', evidence: 'none' }
}

function foreignApp(policy: Policy): MessageType {
  switch (policy.otherApps) {
    case 'human':
      return 'support'
    case 'bot':
      return 'AI'
    case 'ignore':
      return 'automation'
    default:
      return unreachable(policy.otherApps)
  }
}
