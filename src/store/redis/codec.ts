import type { ConversationId } from '../../conversation/ids.js'
import {
  type Attachment,
  type Message,
  NO_ATTACHMENTS,
  NO_REACTIONS,
  type Reaction,
} from '../../conversation/message.js'
import type { AskedText, Cause, Conversation, DatedMessage, Flag, SentMessage } from '../../conversation/state.js'

/**
 * States and messages as text: arrays in a fixed order, since the names of the keys would be most of an idle
 * conversation. What is nothing at the end of one is left out. New members go to the end: whoever reads an older text
 * finds them missing, and takes nothing for them.
 */

type MessageRow = readonly [
  // The scripts read these two.
  seq: number,
  arrivedAt: number,
  type: Message['type'],
  kind: Message['kind'],
  mid: string | null,
  text: string | null,
  status: Message['status'],
  reason?: Message['reason'],
  /** How long it was on its way. */
  lag?: number,
  evidence?: Message['evidence'],
  source?: string | null,
  fromApp?: 0 | 1,
  replyTo?: string | null,
  payload?: string | null,
  attachments?: readonly Attachment[],
  reactions?: readonly Reaction[],
  readAt?: number,
  editedAt?: number,
  deletedAt?: number,
]

export function encodeMessage(message: Message): string {
  return JSON.stringify(messageRow(message))
}

export function decodeMessage(text: string): Message {
  return messageOf(JSON.parse(text) as MessageRow)
}

function messageRow(message: Message): MessageRow {
  return withoutNothing<MessageRow>([
    message.seq,
    message.arrivedAt,
    message.type,
    message.kind,
    message.mid,
    message.text,
    message.status,
    message.reason,
    message.arrivedAt - message.at,
    message.evidence,
    message.source,
    message.fromApp ? 1 : 0,
    message.replyTo,
    message.payload,
    message.attachments,
    message.reactions,
    message.readAt,
    message.editedAt,
    message.deletedAt,
  ])
}

function messageOf(row: MessageRow): Message {
  return {
    seq: row[0],
    at: row[1] - (row[8] ?? 0),
    arrivedAt: row[1],
    type: row[2],
    kind: row[3],
    mid: row[4],
    text: row[5],
    attachments: row[14]?.length ? row[14] : NO_ATTACHMENTS,
    payload: row[13] ?? null,
    status: row[6],
    reason: row[7] ?? null,
    evidence: row[9] ?? null,
    source: row[10] ?? null,
    fromApp: row[11] === 1,
    replyTo: row[12] ?? null,
    reactions: row[15]?.length ? row[15] : NO_REACTIONS,
    readAt: row[16] ?? 0,
    editedAt: row[17] ?? 0,
    deletedAt: row[18] ?? 0,
  }
}

/** A message in a state, with a time told from its arrival on. */
type DatedRow = readonly [message: MessageRow, later?: number]

type StateRow = readonly [
  createdAt?: number,
  lastMessageAt?: number,
  seq?: number,
  closedAt?: number,
  resumedAt?: number,
  promptAt?: number,
  causes?: readonly (readonly [
    until: number,
    reason: Cause['reason'],
    at: number,
    seq?: number,
    note?: string | null,
  ])[],
  flags?: readonly (readonly [
    at: number,
    until: number,
    left: number,
    text: string | null,
    key: string | null,
    parameters: string,
  ])[],
  flagUses?: readonly number[],
  sent?: readonly DatedRow[],
  unclaimed?: readonly DatedRow[],
  waiting?: readonly MessageRow[],
  setAside?: readonly DatedRow[],
  asked?: readonly (readonly [text: string, at: number])[],
]

export function encodeState(state: Conversation): string {
  const dated = ({ message, at }: DatedMessage) => datedRow(message, at)
  return JSON.stringify(
    withoutNothing<StateRow>([
      state.createdAt,
      state.lastMessageAt,
      state.seq,
      state.closedAt,
      state.resumedAt,
      state.promptAt,
      state.causes.map(({ until, reason, at, seq, note }) => withoutNothing([until, reason, at, seq, note])),
      state.flags.map((flag) => [flag.at, flag.until, flag.left, flag.text, flag.idempotencyKey, flag.parameters]),
      state.flagUses,
      state.sent.map(({ message, until }) => datedRow(message, until)),
      state.unclaimed.map(dated),
      state.waiting.map(messageRow),
      state.setAside.map(dated),
      state.asked.map(({ text, at }) => [text, at]),
    ]),
  )
}

export function decodeState(id: ConversationId, text: string): Conversation {
  const row = JSON.parse(text) as StateRow
  return {
    id,
    createdAt: row[0] ?? 0,
    lastMessageAt: row[1] ?? 0,
    seq: row[2] ?? 0,
    closedAt: row[3] ?? 0,
    resumedAt: row[4] ?? 0,
    promptAt: row[5] ?? 0,
    causes: listOf(row[6], ([until, reason, at, seq = 0, note = null]): Cause => ({ until, reason, at, seq, note })),
    flags: listOf(
      row[7],
      ([at, until, left, flagText, idempotencyKey, parameters]): Flag => ({
        at,
        until,
        left,
        text: flagText,
        idempotencyKey,
        parameters,
      }),
    ),
    flagUses: row[8] ?? NONE,
    sent: listOf(row[9], (dated): SentMessage => ({ message: messageOf(dated[0]), until: timeOf(dated) })),
    unclaimed: listOf(row[10], datedOf),
    waiting: listOf(row[11], messageOf),
    setAside: listOf(row[12], datedOf),
    asked: listOf(row[13], ([asked, at]): AskedText => ({ text: asked, at })),
  }
}

const NONE: readonly never[] = Object.freeze([])

function listOf<Row, T>(rows: readonly Row[] | undefined, itemOf: (row: Row) => T): readonly T[] {
  return rows === undefined || rows.length === 0 ? NONE : rows.map(itemOf)
}

function datedRow(message: Message, at: number): DatedRow {
  return withoutNothing<DatedRow>([messageRow(message), at - message.arrivedAt])
}

function datedOf(row: DatedRow): DatedMessage {
  return { message: messageOf(row[0]), at: timeOf(row) }
}

function timeOf([message, later = 0]: DatedRow): number {
  return message[1] + later
}

function withoutNothing<Row extends readonly unknown[]>(row: Row): Row {
  let length = row.length
  while (isNothing(row[length - 1])) length -= 1
  return row.slice(0, length) as unknown as Row
}

function isNothing(value: unknown): boolean {
  return value === 0 || value === null || (Array.isArray(value) && value.length === 0)
}
