import { NO_QUICK_REPLIES } from '../../conversation/answer/answer.js'
import type { DatedPart, DeadLetter, Outbox, Part, Post, Run } from '../../conversation/state/state.js'
import { type MessageRow, messageOf, messageRow } from './message-row.js'
import { listOf, withoutNothing } from './row.js'

/** The open work of a conversation: the assistant's run, and the outbox. */

export type RunRow = readonly [
  id: string,
  startedAt: number,
  leaseUntil: number,
  messages: readonly MessageRow[],
  taskId?: string | null,
  conversationId?: string | null,
  messageId?: string | null,
  workflowRunId?: string | null,
]

type PartRow = readonly [
  message: MessageRow,
  group: number,
  leaves: Part['leaves'],
  at: number,
  attempts?: number,
  slotAt?: number,
  tag?: string | null,
  isSecondTry?: 0 | 1,
  quickReplies?: readonly string[],
  claim?: string | null,
  answers?: readonly MessageRow[],
]

export type OutboxRow = readonly [
  parts?: readonly PartRow[],
  partsAside?: readonly (readonly [part: PartRow, at: number])[],
  dead?: readonly (readonly [
    seq: number,
    reason: DeadLetter['reason'],
    code: string,
    at: number,
    parts: readonly PartRow[],
  ])[],
  posts?: readonly (readonly [key: string, body: string, at: number, seq: number, reason?: Post['reason']])[],
]

export function runRow({ id, startedAt, leaseUntil, messages, names }: Run): RunRow {
  const { taskId, conversationId, messageId, workflowRunId } = names
  const named = [taskId, conversationId, messageId, workflowRunId] as const
  return withoutNothing<RunRow>([id, startedAt, leaseUntil, messages.map(messageRow), ...named])
}

export function outboxRow({ parts, setAside, dead, posts }: Outbox): OutboxRow {
  return withoutNothing<OutboxRow>([
    parts.map(partRow),
    setAside.map(({ part, at }) => [partRow(part), at] as const),
    dead.map((letter) => [letter.seq, letter.reason, letter.code, letter.at, letter.parts.map(partRow)] as const),
    posts.map(({ key, body, at, seq, reason }) => withoutNothing([key, body, at, seq, reason] as const)),
  ])
}

function partRow(part: Part): PartRow {
  const { message, group, leaves, at, attempts, slotAt, tag, isSecondTry, quickReplies, claim, answers } = part
  const often = [attempts, slotAt, tag, isSecondTry ? 1 : 0, quickReplies, claim, answers.map(messageRow)] as const
  return withoutNothing<PartRow>([messageRow(message), group, leaves, at, ...often])
}

export function runOf([id, startedAt = 0, leaseUntil = 0, messages, ...names]: RunRow): Run {
  const [taskId = null, conversationId = null, messageId = null, workflowRunId = null] = names
  const named = { taskId, conversationId, messageId, workflowRunId }
  return { id, startedAt, leaseUntil, messages: listOf(messages, messageOf), names: named }
}

export function outboxOf([parts, aside, dead, posts]: OutboxRow): Outbox {
  return {
    parts: listOf(parts, partOf),
    setAside: listOf(aside, ([part, at]): DatedPart => ({ part: partOf(part), at })),
    dead: listOf(
      dead,
      ([seq, reason, code, at, lost]): DeadLetter => ({ seq, reason, code, at, parts: listOf(lost, partOf) }),
    ),
    posts: listOf(posts, ([key, body, at = 0, seq = 0, reason = null]): Post => ({ key, body, at, seq, reason })),
  }
}

function partOf(row: PartRow): Part {
  const [message, group, leaves, at = 0, attempts = 0, slotAt = 0, tag = null, second, quick, claim = null, answered] =
    row
  const quickReplies = quick?.length ? quick : NO_QUICK_REPLIES
  const answers = listOf(answered, messageOf)
  const isSecondTry = second === 1
  const base = { message: messageOf(message), group, leaves, at, attempts, slotAt, tag }
  return { ...base, answers, quickReplies, isSecondTry, claim }
}
