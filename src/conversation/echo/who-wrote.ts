import type { Policy } from '../channel.js'
import type { CustomerMessage, Echo } from '../event.js'
import {
  echoTime,
  latestStart,
  lostWithContent,
  sentWithContent,
  sentWithId,
  withoutSent,
} from '../expected/expected-echoes.js'
import { flagFor, flagTailAt, noteFlagUse, useFlag, withoutOne } from '../expected/flags.js'
import { ourMark } from '../expected/our-mark.js'
import { hearText, runExpecting, runThatSent } from '../expected/spoken-runs.js'
import type { Evidence, Message, MessageType } from '../state/message.js'
import type { FlagUse, SpokenRun } from '../state/spoken-run.js'
import type { Conversation } from '../state/state.js'
import { digestOf } from '../text/digest.js'
import { unreachable } from '../text/unreachable.js'

/** An echo's author: the checks run in the order of their strength, and the first match decides. */
export type Finding =
  | {
      /** A message that we sent or that was reported. It is in the history unless that was dropped. */
      readonly is: 'ours'
      readonly type: MessageType
      readonly evidence: Evidence
      readonly message: Message | null
      readonly state: Conversation
      /** The assistant's run that sent the message: see `accountFor`. */
      readonly run: SpokenRun | null
    }
  | {
      readonly is: 'new'
      readonly type: MessageType
      readonly evidence: Evidence
      readonly state: Conversation
      readonly run: SpokenRun | null
    }

/** What the store knows of an echo's message id. */
export interface KnownId {
  readonly isOurs: boolean
  readonly message: Message | null
}

export function whoWrote(state: Conversation, echo: Echo, known: KnownId, policy: Policy, now: number): Finding {
  const at = echoTime(echo, now)
  return (
    ourMessage(state, echo, known, policy, at) ??
    ofRun(state, echo, at) ??
    flagged(state, echo, policy, at) ?? { is: 'new', state, run: null, ...stranger(state, echo, policy, at) }
  )
}

/**
 * The echo of a message that we or the assistant's run sent to the account itself; null for what the account wrote.
 * Asked, the bot would answer its own answers without end.
 */
export function ownAnswer(
  state: Conversation,
  said: CustomerMessage,
  known: KnownId,
  policy: Policy,
  now: number,
): Echo | null {
  if (!said.isSelf) return null
  const { mid, at, kind, text, attachments, payload, replyTo, via } = said
  const unknown = { appId: null, metadata: null, storyMention: false } as const
  const echo: Echo = { is: 'echo', mid, at, kind, text, attachments, payload, replyTo, ...unknown, via }
  const heardAt = echoTime(echo, now)
  const found = ourMessage(state, echo, known, policy, heardAt) ?? ofRun(state, echo, heardAt)
  return found === null ? null : echo
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
  if (mark !== null) return { is: 'ours', type: mark.type, evidence: 'metadata', message: null, state, run: null }
  const byContent = sentWithContent(state, echo, at)
  if (byContent !== null) return ours(withoutSent(state, byContent), byContent.message, 'text', echo, at)
  const lost = echo.via === 'backfill' ? lostWithContent(state, echo, at) : null
  return lost === null ? null : ours(state, lost, 'text', echo, at)
}

function ours(state: Conversation, message: Message | null, evidence: Evidence, echo: Echo, at: number): Finding {
  const type = message?.type ?? 'AI'
  const found = { is: 'ours', type, evidence, message, state, run: null } as const
  if (message === null || message.origin.evidence !== null || type === 'support') return found
  const digest = echo.text === null ? null : digestOf(echo.text)
  const run =
    (digest === null ? null : runExpecting(state, digest, at, latestStart(echo.via, at))) ?? runThatSent(state, message)
  if (run !== null) return { ...found, run, state: hearText(state, run, digest) }
  // Use up this message's flag too, or it would attribute the next person's echo to the bot. Opens no tail: the parts
  // of this answer are known individually.
  return { ...found, state: useFlag(state, echo.text, at, message.at) ?? state }
}

/** The message of a run whose assistant sends by itself. */
function ofRun(state: Conversation, echo: Echo, at: number): Finding | null {
  if (state.spoken.length === 0 || echo.text === null) return null
  const digest = digestOf(echo.text)
  const run = runExpecting(state, digest, at, latestStart(echo.via, at))
  return run === null ? null : { is: 'new', type: 'AI', evidence: 'text', state: hearText(state, run, digest), run }
}

function flagged(state: Conversation, echo: Echo, policy: Policy, at: number): Finding | null {
  if (policy.platform !== 'instagram') return null
  const flag = flagFor(state, echo.text, at, latestStart(echo.via, at))
  const tail = flag === null ? flagTailAt(state.flagUses, at, policy.flagTailMs) : null
  const raisedAt = flag?.at ?? tail?.raisedAt
  if (raisedAt === undefined) return null
  // A flag raised for this very text is as strong as a matching text.
  const isDisputable = (flag === null || flag.text === null) && stranger(state, echo, policy, at).evidence === 'none'
  const use: FlagUse = { at, seq: state.seq + 1, raisedAt, isTail: flag === null, isDisputable }
  const found = { is: 'new', type: 'AI', run: null } as const
  // Without a run nothing can correct the attribution.
  if (flag === null)
    return { ...found, evidence: 'flag_tail', state: state.spoken.length === 0 ? state : noteFlagUse(state, use) }
  return { ...found, evidence: 'flag', state: noteFlagUse(withoutOne(state, flag), use) }
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
  const isPrompted = state.promptAt > 0 && state.promptAt <= latestStart(echo.via, at)
  if (isPrompted && at <= state.promptAt + policy.autoReplyWindowMs && policy.autoReplyWindowMs > 0) {
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
