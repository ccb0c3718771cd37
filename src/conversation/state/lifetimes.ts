import { FOREVER, type Policy } from '../channel.js'
import { type ItemRule, inOutbox, inState, type ListRule, listRule } from './list-rule.js'
import type { Message } from './message.js'
import { type Part, stageEnd } from './outbox-state.js'
import type { SpokenRun } from './spoken-run.js'
import { ANSWER_WINDOW_MS, type Conversation, type Flag } from './state.js'

/**
 * Every list of the conversation's state, once: how much it holds, when an item of it ends, until when forgetting it would
 * change what the bot does, and which words of the customer or to the customer it holds. Pruning, the keep time, what
 * a silent conversation may drop, the weight in memory and the rewriting of messages follow from this table.
 */

/** Echoes have come this late; until then an expectation is kept and judged at the echo's own time. */
export const LATEST_ECHO_MS = 15 * 60_000
/** How late a wake may come and still find the flag whose end it is to tell. */
const LATE_WAKE_MS = 10 * 60_000
/** A mark repeated this soon is a retry of Dify's HTTP node, not another answer. */
export const RETRY_MS = 1_000
/** The longest life that a mark may give its flag: so long its Idempotency-Key tells a retry. */
const LONGEST_KEY_MS = 24 * 3_600_000
/** A pause that proves wrong this soon gives back what it kept from being asked or sent. */
export const GIVE_BACK_MS = 60_000
/** Longer than anybody lets them lie; the history goes on saying what became of the messages. */
export const DEAD_LETTER_LIFE_MS = 30 * 24 * 3_600_000
/** How long a caller of POST /api/messages may come again with the same Idempotency-Key. */
export const POST_LIFE_MS = 24 * 3_600_000
/** How long a conversation is remembered after its last event, at the least. */
export const IDLE_LIFE_MS = 7 * 24 * 3_600_000
/** And one in which nobody ever said anything. */
export const SILENT_LIFE_MS = 3_600_000

export const CAPS = {
  /** Pauses that overlap: people who wrote, operators, handovers. */
  causes: 8,
  flags: 50,
  /** Two that overlap are an exception: a run's echoes come within seconds. */
  spoken: 4,
  /** Of one answer's parts, and of a run's messages. */
  flagUses: 24,
  sent: 50,
  unclaimed: 24,
  /** Nobody reads an answer to more than this; the customer's further messages are kept in the history alone. */
  waiting: 100,
  setAside: 100,
  asked: 10,
  /** Some twenty of the longest messages that the API takes. */
  parts: 500,
  partsSetAside: 500,
  dead: 50,
  /** So many keyed messages a day no conversation has; beyond that the oldest key is forgotten before its time. */
  posts: 200,
} as const

/** When no echo can use the flag any more, and no retry of its mark is to be recognised. */
export function flagEnd(flag: Flag, flagTtlMs: number): number {
  const retriedUntil = flag.at + (flag.idempotencyKey === null ? RETRY_MS : flagTtlMs)
  return flag.left > 0 ? Math.max(retriedUntil, flag.until + LATEST_ECHO_MS) : retriedUntil
}

/** When no echo can be one of the run's messages any more, however late. */
function spokenEnd(run: SpokenRun): number {
  return run.until === 0 ? FOREVER : run.until + LATEST_ECHO_MS
}

/** As long as a message may still come back of a run that had begun by then, what was heard then may be judged anew. */
function disputedUntil({ spoken }: Conversation, at: number): number {
  let until = 0
  for (const run of spoken) if (run.startedAt <= at) until = Math.max(until, spokenEnd(run))
  return until
}

const HOLDS_ITS_MESSAGE: Pick<ItemRule<{ readonly message: Conversation['waiting'][number] }>, 'messages'> = {
  messages: (item) => [item.message],
}

export const LISTS: readonly ListRule[] = [
  listRule('causes', inState('causes'), {
    cap: CAPS.causes,
    ends: (cause) => cause.until,
    keep: (cause) => cause.until,
    atRest: 'stays',
  }),
  listRule('flags', inState('flags'), {
    cap: CAPS.flags,
    ends: (flag, { flagTtlMs }) => flagEnd(flag, flagTtlMs),
    keep: (flag) => (flag.left > 0 ? flag.until + LATEST_ECHO_MS + LATE_WAKE_MS : 0),
    // The end of one that nothing used is told by the wake that finds it.
    atRest: (flag) => flag.until + (flag.idempotencyKey === null ? LATEST_ECHO_MS + LATE_WAKE_MS : LONGEST_KEY_MS),
    text: (flag) => flag.text,
  }),
  listRule('spoken', inState('spoken'), {
    cap: CAPS.spoken,
    ends: spokenEnd,
    // One under way is kept for its question.
    keep: (run) => (run.until === 0 ? 0 : spokenEnd(run)),
    atRest: spokenEnd,
    bytes: ({ expected, heard }) => expected.reduce((sum, each) => sum + 1 + each.parts.length, heard.length) * 40,
  }),
  listRule('flagUses', inState('flagUses'), {
    cap: CAPS.flagUses,
    ends: (use, { flagTailMs }, state) =>
      Math.max(use.at + LATEST_ECHO_MS + flagTailMs + 1, disputedUntil(state, use.raisedAt)),
    atRest: (use, state) => Math.max(use.at + 2 * LATEST_ECHO_MS, disputedUntil(state, use.raisedAt)),
  }),
  listRule('sent', inState('sent'), {
    ...HOLDS_ITS_MESSAGE,
    cap: CAPS.sent,
    ends: (sent) => sent.until + LATEST_ECHO_MS,
    keep: (sent) => sent.until + LATEST_ECHO_MS,
    atRest: (sent) => sent.until + LATEST_ECHO_MS,
    withMessage: (sent, message) => ({ ...sent, message }),
  }),
  listRule('unclaimed', inState('unclaimed'), {
    ...HOLDS_ITS_MESSAGE,
    cap: CAPS.unclaimed,
    ends: (echo, { echoTtlMs }, state) => Math.max(echo.at + echoTtlMs, disputedUntil(state, echo.at)),
    atRest: (echo, state) => disputedUntil(state, echo.at),
    withMessage: (echo, message) => ({ ...echo, message }),
  }),
  listRule('waiting', inState('waiting'), {
    cap: CAPS.waiting + 1,
    ends: () => FOREVER,
    keep: (message) => message.arrivedAt + ANSWER_WINDOW_MS,
    atRest: (message) => message.arrivedAt + ANSWER_WINDOW_MS,
    messages: (message) => [message],
    withMessage: (_old, message) => message,
  }),
  listRule('setAside', inState('setAside'), {
    ...HOLDS_ITS_MESSAGE,
    cap: CAPS.setAside,
    ends: (aside) => aside.at + GIVE_BACK_MS,
    atRest: 'goes',
    withMessage: (aside, message) => ({ ...aside, message }),
  }),
  listRule('asked', inState('asked'), {
    cap: CAPS.asked,
    ends: (asked, { repeatWindowMs }) => asked.at + repeatWindowMs,
    atRest: 'goes',
    text: (asked) => asked.text,
  }),
  listRule('parts', inOutbox('parts'), {
    messages: messagesOf,
    cap: CAPS.parts,
    ends: () => FOREVER,
    keep: ({ stage }) => stageEnd(stage) + ANSWER_WINDOW_MS,
    atRest: 'stays',
    withMessage: partWith,
  }),
  listRule('partsSetAside', inOutbox('setAside'), {
    cap: CAPS.partsSetAside,
    ends: (aside) => aside.at + GIVE_BACK_MS,
    atRest: 'goes',
    messages: ({ part }) => messagesOf(part),
    withMessage: (aside, message) => ({ ...aside, part: partWith(aside.part, message) }),
  }),
  listRule('dead', inOutbox('dead'), {
    cap: CAPS.dead,
    ends: (letter) => letter.at + DEAD_LETTER_LIFE_MS,
    keep: (letter) => letter.at + DEAD_LETTER_LIFE_MS,
    atRest: (letter) => letter.at + DEAD_LETTER_LIFE_MS,
    messages: (letter) => letter.parts.flatMap(messagesOf),
    withMessage: (letter, message) => ({ ...letter, parts: letter.parts.map((part) => partWith(part, message)) }),
  }),
  listRule('posts', inOutbox('posts'), {
    cap: CAPS.posts,
    ends: (post) => post.at + POST_LIFE_MS,
    keep: (post) => post.at + POST_LIFE_MS,
    atRest: (post) => post.at + POST_LIFE_MS,
    // A key and a digest, and what holds them.
    bytes: 250,
  }),
]

function messagesOf({ message, answers }: Part): readonly Message[] {
  return answers.length === 0 ? [message] : [message, ...answers]
}

function partWith<P extends Part>(part: P, message: Message): P {
  if (part.message.seq === message.seq) return { ...part, message }
  return { ...part, answers: part.answers.map((each) => (each.seq === message.seq ? message : each)) }
}

/** Until when forgetting this state would change what the bot does. */
export function keepUntil(state: Conversation, policy: Pick<Policy, 'reopenAfterMs'>): number {
  const { run, share } = state.asking
  let latest = state.closedAt > 0 ? state.closedAt + policy.reopenAfterMs : 0
  if (run !== null) for (const message of run.messages) latest = Math.max(latest, message.arrivedAt + ANSWER_WINDOW_MS)
  if (share !== null) latest = Math.max(latest, share.until)
  for (const list of LISTS) latest = Math.max(latest, list.keepUntil(state))
  return Math.min(latest, FOREVER)
}
