import { NO_QUICK_REPLIES } from '../../conversation/answer/answer.js'
import {
  type DatedPart,
  type DeadLetter,
  type OpenPart,
  type Outbox,
  type Part,
  type Post,
  stageEnd,
} from '../../conversation/state/outbox-state.js'
import type { Run } from '../../conversation/state/state.js'
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
    listOf(parts, openPartRow),
    listOf(setAside, ({ part, at }) => [partRow(part), at] as const),
    listOf(
      dead,
      (letter) =>
        [letter.seq, letter.reason, letter.code, letter.at, letter.parts.map((part) => partRow(part))] as const,
    ),
    listOf(posts, ({ key, body, at, seq, reason }) => withoutNothing([key, body, at, seq, reason] as const)),
  ])
}

function openPartRow(part: OpenPart): PartRow {
  const { stage } = part
  return partRow(part, stageEnd(stage), stage.is === 'queued' ? stage.slotAt : 0)
}

function partRow(part: Part, at = 0, slotAt = 0): PartRow {
  const { message, group, leaves, attempts, tag, isSecondTry, quickReplies, claim, answers } = part
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
    parts: listOf(parts, openPartOf),
    setAside: listOf(aside, ([part, at]): DatedPart => ({ part: partOf(part), at })),
    dead: listOf(
      dead,
      ([seq, reason, code, at, lost]): DeadLetter => ({ seq, reason, code, at, parts: listOf(lost, partOf) }),
    ),
    posts: listOf(posts, ([key, body, at = 0, seq = 0, reason = null]): Post => ({ key, body, at, seq, reason })),
  }
}

/** Its message's status is the stage that it is in. */
function openPartOf(row: PartRow): OpenPart {
  const [, , , at = 0, , slotAt = 0] = row
  const part = partOf(row)
  switch (part.message.status) {
    case 'sending':
      return { ...part, stage: { is: 'sending', leaseUntil: at } }
    case 'unknown':
      return { ...part, stage: { is: 'unknown', echoUntil: at } }
    default:
      return { ...part, stage: { is: 'queued', notBefore: at, slotAt } }
  }
}

function partOf([
  message,
  group,
  leaves,
  ,
  attempts = 0,
  ,
  tag = null,
  second,
  quick,
  claim = null,
  answered,
]: PartRow): Part {
  const quickReplies = quick?.length ? quick : NO_QUICK_REPLIES
  const answers = listOf(answered, messageOf)
  const base = { message: messageOf(message), group, leaves, attempts, tag }
  return { ...base, answers, quickReplies, isSecondTry: second === 1, claim }
}
