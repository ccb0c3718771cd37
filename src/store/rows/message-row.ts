import { originOf, outcomeOf } from '../../conversation/state/changed.js'
import {
  type Attachment,
  type Feedback,
  type Message,
  NO_ATTACHMENTS,
  NO_ORIGIN,
  NO_OUTCOME,
  NO_REACTIONS,
  type Origin,
  type Outcome,
  type Reaction,
} from '../../conversation/state/message.js'
import { jsonString } from '../../json.js'
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
  reason?: Outcome['reason'],
  /** The delay from `at` to its arrival. */
  lag?: number,
  evidence?: Origin['evidence'],
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

/** A plain message, as most are, is written without its row of 25 members: a third of the time. */
export function encodeMessage(message: Message): string {
  const { seq, at, arrivedAt, type, kind, mid, text, attachments, status, origin, outcome } = message
  if (origin !== NO_ORIGIN || outcome !== NO_OUTCOME || attachments.length > 0) {
    return JSON.stringify(messageRow(message))
  }
  const lag = arrivedAt === at ? '' : `,null,${arrivedAt - at}`
  return `[${seq},${arrivedAt},"${type}","${kind}",${textOrNull(mid)},${textOrNull(text)},"${status}"${lag}]`
}

function textOrNull(text: string | null): string {
  return text === null ? 'null' : jsonString(text)
}

export function decodeMessage(text: string): Message {
  return messageOf(JSON.parse(text) as MessageRow)
}

export function messageRow(message: Message): MessageRow {
  const { origin, outcome } = message
  return withoutNothing<MessageRow>([
    message.seq,
    message.arrivedAt,
    message.type,
    message.kind,
    message.mid,
    message.text,
    message.status,
    outcome.reason,
    message.arrivedAt - message.at,
    origin.evidence,
    origin.source,
    origin.fromApp ? 1 : 0,
    origin.replyTo,
    origin.payload,
    message.attachments,
    outcome.reactions,
    outcome.readAt,
    outcome.editedAt,
    outcome.deletedAt,
    outcome.shareSeq,
    origin.traceparent,
    origin.answerId,
    outcome.feedback,
    outcome.answerUnsent ? 1 : 0,
    outcome.transcription,
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
    status: row[6],
    origin: originOf(
      row[9] ?? null,
      row[10] ?? null,
      row[11] === 1,
      row[21] ?? null,
      row[13] ?? null,
      row[12] ?? null,
      row[20] ?? null,
    ),
    outcome: outcomeOf(
      row[7] ?? null,
      row[23] === 1,
      row[19] ?? 0,
      row[24] ?? null,
      row[15]?.length ? row[15] : NO_REACTIONS,
      row[16] ?? 0,
      row[17] ?? 0,
      row[18] ?? 0,
      row[22] ?? null,
    ),
  }
}
