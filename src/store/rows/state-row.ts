import type { ConversationId } from '../../conversation/ids.js'
import type { Message } from '../../conversation/state/message.js'
import { NONE } from '../../conversation/state/none.js'
import { NO_OUTBOX } from '../../conversation/state/outbox-state.js'
import type { ExpectedText, FlagUse, SpokenRun } from '../../conversation/state/spoken-run.js'
import {
  type Asking,
  type Cause,
  type Conversation,
  type DatedMessage,
  type EarlyChange,
  type Flag,
  NOT_ASKING,
  type SentMessage,
} from '../../conversation/state/state.js'
import { type AskedRow, askedOf, askedRows } from './asked-row.js'
import { type IntroRow, introOf, introRow } from './intro-row.js'
import { type MessageRow, messageOf, messageRow } from './message-row.js'
import { type MessageTexts, messageTexts, NO_TEXTS } from './message-texts.js'
import { type ProfileRow, profileOf, profileRow } from './profile-row.js'
import { listOf, withoutNothing } from './row.js'
import { type OutboxRow, outboxOf, outboxRow, type RunRow, runOf, runRow } from './work-row.js'

/** A message in a state, and the delay from its arrival. */
type DatedRow = readonly [message: MessageRow, later?: number]

type StateRow = readonly [
  ...BeforeMessages,
  waiting?: readonly MessageRow[],
  setAside?: readonly DatedRow[],
  ...AfterMessages,
]

type BeforeMessages = readonly [
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
  flagUses?: readonly (FlagUseRow | number)[],
  sent?: readonly DatedRow[],
  unclaimed?: readonly DatedRow[],
]

type AfterMessages = readonly [
  asked?: readonly AskedRow[],
  customerAt?: number,
  assistantId?: string | null,
  attempts?: number,
  restUntil?: number,
  run?: RunRow | null,
  heldSince?: number,
  outbox?: OutboxRow | null,
  share?: readonly [message: MessageRow, until: number] | null,
  awayFor?: number,
  answeredUpTo?: number,
  profile?: ProfileRow | null,
  cutOffUntil?: number,
  spoken?: readonly SpokenRow[],
  windowUntil?: number,
  intro?: IntroRow | null,
  early?: readonly EarlyRow[],
]

type EarlyRow = readonly [mid: string, at?: number, text?: string | null, madeAt?: number]

type FlagUseRow = readonly [at: number, seq: number, raisedAt: number, isTail?: 0 | 1, isDisputable?: 0 | 1]

type SpokenRow = readonly [
  runId: string,
  startedAt: number,
  endedAt: number,
  until: number,
  /** Each text as a whole, and its parts. */
  expected?: readonly (readonly string[])[],
  heard?: readonly string[],
  furtherParts?: readonly number[],
]

/** `texts`: those of the state, from a store that has them. */
export function encodeState(
  state: Conversation,
  texts: MessageTexts = messageTexts({ state: null, texts: NO_TEXTS }, state),
): string {
  const { share } = state.asking
  const before: BeforeMessages = [
    state.createdAt,
    state.lastMessageAt,
    state.seq,
    state.closedAt,
    state.resumedAt,
    state.promptAt,
    listOf(state.causes, ({ until, reason, at, seq, note }) => withoutNothing([until, reason, at, seq, note])),
    listOf(state.flags, (flag) => [flag.at, flag.until, flag.left, flag.text, flag.idempotencyKey, flag.parameters]),
    listOf(state.flagUses, flagUseRow),
    listOf(state.sent, ({ message, until }) => datedRow(message, until)),
    listOf(state.unclaimed, datedMessageRow),
  ]
  const after = withoutNothing<AfterMessages>([
    askedRows(state),
    state.customerAt,
    state.asking.assistantId,
    state.asking.attempts,
    state.asking.restUntil,
    state.asking.run && runRow(state.asking.run),
    state.asking.heldSince,
    outboxRow(state.outbox),
    share && [messageRow(share.message), share.until],
    state.asking.awayFor,
    state.asking.answeredUpTo,
    profileRow(state.profile),
    state.asking.cutOffUntil,
    listOf(state.spoken, spokenRow),
    state.windowUntil,
    introRow(state.intro),
    listOf(state.early, ({ mid, at, text, madeAt }): EarlyRow => withoutNothing([mid, at, text, madeAt])),
  ])
  const { waiting, setAside } = texts
  const hasMore = setAside.length > 0 || after.length > 0
  if (waiting.length === 0 && !hasMore) return JSON.stringify(withoutNothing(before))
  const start = `${JSON.stringify(before).slice(0, -1)},[${waiting.join(',')}]`
  if (!hasMore) return `${start}]`
  const aside = state.setAside.map(({ message, at }, i) => datedText(setAside[i]!, at - message.arrivedAt))
  const end = after.length === 0 ? ']' : `,${JSON.stringify(after).slice(1)}`
  return `${start},[${aside.join(',')}]${end}`
}

/** A DatedRow as text. */
function datedText(message: string, later: number): string {
  return later === 0 ? `[${message}]` : `[${message},${later}]`
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
    customerAt: row[14] ?? 0,
    windowUntil: row[27] ?? 0,
    causes: listOf(
      row[6],
      ([until, reason, at = 0, seq = 0, note = null]): Cause => ({ until, reason, at, seq, note }),
    ),
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
    spoken: listOf(row[26], spokenOf),
    flagUses: listOf(row[8], flagUseOf),
    sent: listOf(row[9], (dated): SentMessage => ({ message: messageOf(dated[0]), until: timeOf(dated) })),
    unclaimed: listOf(row[10], datedOf),
    waiting: listOf(row[11], messageOf),
    setAside: listOf(row[12], datedOf),
    asked: askedOf(row[13], row[11], row[18]?.[3]),
    asking: askingOf(row),
    early: listOf(row[29], ([mid, at = 0, text = null, madeAt = 0]): EarlyChange => ({ mid, at, text, madeAt })),
    intro: introOf(row[28]),
    outbox: row[20]?.length ? outboxOf(row[20]) : NO_OUTBOX,
    profile: profileOf(row[24]),
  }
}

function askingOf(row: StateRow): Asking {
  if (row.length <= ASKING_FROM) return NOT_ASKING
  const run = row[18] ?? null
  return {
    run: run === null ? null : runOf(run),
    attempts: row[16] ?? 0,
    restUntil: row[17] ?? 0,
    heldSince: row[19] ?? 0,
    assistantId: row[15] ?? null,
    share: row[21] ? { message: messageOf(row[21][0]), until: row[21][1] } : null,
    awayFor: row[22] ?? 0,
    answeredUpTo: row[23] ?? 0,
    cutOffUntil: row[25] ?? 0,
  }
}

/** A row that ends before this index was written by a version without it. */
const ASKING_FROM = 15

function flagUseRow({ at, seq, raisedAt, isTail, isDisputable }: FlagUse): FlagUseRow {
  return withoutNothing<FlagUseRow>([at, seq, raisedAt, isTail ? 1 : 0, isDisputable ? 1 : 0])
}

/** An older version stored only the time. */
function flagUseOf(row: FlagUseRow | number): FlagUse {
  if (typeof row === 'number') return { at: row, seq: 0, raisedAt: row, isTail: false, isDisputable: false }
  const [at, seq = 0, raisedAt = 0, isTail, isDisputable] = row
  return { at, seq, raisedAt, isTail: isTail === 1, isDisputable: isDisputable === 1 }
}

function spokenRow({ runId, startedAt, endedAt, until, expected, heard, furtherParts }: SpokenRun): SpokenRow {
  const texts = expected.map(({ whole, parts }) => [whole, ...parts])
  return withoutNothing<SpokenRow>([runId, startedAt, endedAt, until, texts, heard, furtherParts])
}

function spokenOf([runId, startedAt = 0, endedAt = 0, until = 0, texts, heard, further]: SpokenRow): SpokenRun {
  const expected = listOf(texts, ([whole = '', ...parts]): ExpectedText => ({ whole, parts }))
  return { runId, startedAt, endedAt, until, expected, heard: heard ?? NONE, furtherParts: further ?? NONE }
}

function datedMessageRow({ message, at }: DatedMessage): DatedRow {
  return datedRow(message, at)
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
