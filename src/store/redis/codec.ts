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
 * conversation. New members go to the end; whoever reads an older text finds them missing and takes their default.
 */

type MessageRow = [
  seq: number,
  arrivedAt: number,
  type: Message['type'],
  kind: Message['kind'],
  mid: string | null,
  text: string | null,
  status: Message['status'],
  reason: Message['reason'],
  evidence: Message['evidence'],
  source: string | null,
  fromApp: 0 | 1,
  replyTo: string | null,
  payload: string | null,
  readAt: number,
  editedAt: number,
  deletedAt: number,
  attachments: readonly Attachment[],
  reactions: readonly Reaction[],
  at: number,
]

export function encodeMessage(message: Message): string {
  return JSON.stringify(messageRow(message))
}

export function decodeMessage(text: string): Message {
  return messageOf(JSON.parse(text) as MessageRow)
}

function messageRow(message: Message): MessageRow {
  return [
    message.seq,
    message.arrivedAt,
    message.type,
    message.kind,
    message.mid,
    message.text,
    message.status,
    message.reason,
    message.evidence,
    message.source,
    message.fromApp ? 1 : 0,
    message.replyTo,
    message.payload,
    message.readAt,
    message.editedAt,
    message.deletedAt,
    message.attachments,
    message.reactions,
    message.at,
  ]
}

function messageOf(row: MessageRow): Message {
  return {
    seq: row[0],
    at: row[18],
    arrivedAt: row[1],
    type: row[2],
    kind: row[3],
    mid: row[4],
    text: row[5],
    attachments: row[16].length === 0 ? NO_ATTACHMENTS : row[16],
    payload: row[12],
    status: row[6],
    reason: row[7],
    evidence: row[8],
    source: row[9],
    fromApp: row[10] === 1,
    replyTo: row[11],
    reactions: row[17].length === 0 ? NO_REACTIONS : row[17],
    readAt: row[13],
    editedAt: row[14],
    deletedAt: row[15],
  }
}

type StateRow = [
  createdAt: number,
  lastMessageAt: number,
  seq: number,
  closedAt: number,
  resumedAt: number,
  promptAt: number,
  causes: readonly [until: number, reason: Cause['reason'], at: number, seq: number, note: string | null][],
  flags: readonly [
    at: number,
    until: number,
    left: number,
    text: string | null,
    key: string | null,
    parameters: string,
  ][],
  flagUses: readonly number[],
  sent: readonly [message: MessageRow, until: number][],
  unclaimed: readonly [message: MessageRow, at: number][],
  waiting: readonly MessageRow[],
  setAside: readonly [message: MessageRow, at: number][],
  asked: readonly [text: string, at: number][],
]

export function encodeState(state: Conversation): string {
  const dated = ({ message, at }: DatedMessage): [MessageRow, number] => [messageRow(message), at]
  const row: StateRow = [
    state.createdAt,
    state.lastMessageAt,
    state.seq,
    state.closedAt,
    state.resumedAt,
    state.promptAt,
    state.causes.map(({ until, reason, at, seq, note }) => [until, reason, at, seq, note]),
    state.flags.map((flag) => [flag.at, flag.until, flag.left, flag.text, flag.idempotencyKey, flag.parameters]),
    state.flagUses,
    state.sent.map(({ message, until }) => [messageRow(message), until]),
    state.unclaimed.map(dated),
    state.waiting.map(messageRow),
    state.setAside.map(dated),
    state.asked.map(({ text, at }) => [text, at]),
  ]
  return JSON.stringify(row)
}

export function decodeState(id: ConversationId, text: string): Conversation {
  const row = JSON.parse(text) as StateRow
  const dated = ([message, at]: readonly [MessageRow, number]): DatedMessage => ({ message: messageOf(message), at })
  return {
    id,
    createdAt: row[0],
    lastMessageAt: row[1],
    seq: row[2],
    closedAt: row[3],
    resumedAt: row[4],
    promptAt: row[5],
    causes: row[6].map(([until, reason, at, seq, note]): Cause => ({ until, reason, at, seq, note })),
    flags: row[7].map(
      ([at, until, left, flagText, idempotencyKey, parameters]): Flag => ({
        at,
        until,
        left,
        text: flagText,
        idempotencyKey,
        parameters,
      }),
    ),
    flagUses: row[8],
    sent: row[9].map(([message, until]): SentMessage => ({ message: messageOf(message), until })),
    unclaimed: row[10].map(dated),
    waiting: row[11].map(messageOf),
    setAside: row[12].map(dated),
    asked: row[13].map(([asked, at]): AskedText => ({ text: asked, at })),
  }
}
