import {
  type Attachment,
  type Feedback,
  type Message,
  NO_ATTACHMENTS,
  NO_REACTIONS,
  type Reaction,
} from '../../conversation/state/message.js'
import { withoutNothing } from './row.js'

export type MessageRow = readonly [
  // The Lua scripts read these two.
  seq: number,
  arrivedAt: number,
  type: Message['type'],
  kind: Message['kind'],
  mid: string | null,
  text: string | null,
  status: Message['status'],
  reason?: Message['reason'],
  /** The delay from `at` to its arrival. */
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
  shareSeq?: number,
  traceparent?: string | null,
  answerId?: string | null,
  feedback?: Feedback | null,
  answerUnsent?: 0 | 1,
  transcription?: string | null,
]

export function encodeMessage(message: Message): string {
  return JSON.stringify(messageRow(message))
}

export function decodeMessage(text: string): Message {
  return messageOf(JSON.parse(text) as MessageRow)
}

export function messageRow(message: Message): MessageRow {
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
    message.shareSeq,
    message.traceparent,
    message.answerId,
    message.feedback,
    message.answerUnsent ? 1 : 0,
    message.transcription,
  ])
}

export function messageOf(row: MessageRow): Message {
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
    shareSeq: row[19] ?? 0,
    traceparent: row[20] ?? null,
    answerId: row[21] ?? null,
    feedback: row[22] ?? null,
    answerUnsent: row[23] === 1,
    transcription: row[24] ?? null,
  }
}
