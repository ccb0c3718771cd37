import { FOREVER, type Policy } from '../channel.js'
import { CAPS } from './caps.js'
import { type ItemRule, inOutbox, inState, type ListRule, listRule } from './list-rule.js'
import type { Message } from './message.js'
import { type Part, stageEnd } from './outbox-state.js'
import type { SpokenRun } from './spoken-run.js'
import { ANSWER_WINDOW_MS, type Conversation, type Flag } from './state.js'

/**
 * The table of the state's lists: for each its cap, when an item ends, until when forgetting an item would change the
 * bot's behaviour, and which texts it holds. Pruning, the keep time, what a silent conversation may drop, the weight
 * in memory and the rewriting of messages are derived from it.
 */

/**
 * The latest that echoes have been seen to arrive; until then an expectation is kept and judged by the echo's own
 * time.
 */
export const LATEST_ECHO_MS = 15 * 60_000
/** How late a wake-up may come and still find the expired flag whose end it counts. */
const LATE_WAKE_MS = 10 * 60_000
/** A mark repeated this soon is a retry of Dify's HTTP node, not another answer. */
export const RETRY_MS = 1_000
/** The longest life of a flag, for which its Idempotency-Key identifies a retry. */
const LONGEST_KEY_MS = 24 * 3_600_000
/** When a pause proves wrong within this time, the questions and parts that it cancelled are asked and sent. */
export const GIVE_BACK_MS = 60_000
/**
 * How long a deletion or an edit waits for its message: Meta repeats a delivery that it could not make for longer, but
 * most often within minutes.
 */
const EARLY_LIFE_MS = 60 * 60_000
/** Longer than anybody leaves them; the history keeps the status of the messages. */
export const DEAD_LETTER_LIFE_MS = 30 * 24 * 3_600_000
/** How long an Idempotency-Key of POST /api/messages is remembered. */
export const POST_LIFE_MS = 24 * 3_600_000
/** How long a conversation is remembered after its last event, at the least. */
export const IDLE_LIFE_MS = 7 * 24 * 3_600_000
/** The same for a conversation without any message. */
export const SILENT_LIFE_MS = 3_600_000

/** When no echo can use the flag any more, and no retry of its mark needs to be recognised. */
export function flagEnd(flag: Flag, flagTtlMs: number): number {
  const retriedUntil = flag.at + (flag.idempotencyKey === null ? RETRY_MS : flagTtlMs)
  return flag.left > 0 ? Math.max(retriedUntil, flag.until + LATEST_ECHO_MS) : retriedUntil
}

/** When no echo can be a message of the run any more, however late it arrives. */
function spokenEnd(run: SpokenRun): number {
  return run.until === 0 ? FOREVER : run.until + LATEST_ECHO_MS
}

/**
 * An attribution made at that time may be corrected while messages of a run that had begun by then may still arrive.
 */
function disputedUntil({ spoken }: Conversation, at: number): number {
  let until = 0
  for (const run of spoken) if (run.startedAt <= at) until = Math.max(until, spokenEnd(run))
  return until
}

const HOLDS_ITS_MESSAGE: Pick<ItemRule<{ readonly message: Conversation['waiting'][number] }>, 'messages'> = {
  messages: (item) => [item.message],
}

/**
 * Code that runs for every event walks it by index: with `for … of` the compiler does not remove the iterator and its
 * result objects, since the body calls unknown functions.
 */
export const LISTS: readonly ListRule[] = [
  listRule(
    'causes',
    inState('causes', ({ causes }) => causes),
    {
      cap: CAPS.causes,
      ends: (cause) => cause.until,
      keep: (cause) => cause.until,
      atRest: 'stays',
    },
  ),
  listRule(
    'flags',
    inState('flags', ({ flags }) => flags),
    {
      cap: CAPS.flags,
      ends: (flag, { flagTtlMs }) => flagEnd(flag, flagTtlMs),
      keep: (flag) => (flag.left > 0 ? flag.until + LATEST_ECHO_MS + LATE_WAKE_MS : 0),
      // Kept until the wake-up that counts the flag's expiry.
      atRest: (flag) => flag.until + (flag.idempotencyKey === null ? LATEST_ECHO_MS + LATE_WAKE_MS : LONGEST_KEY_MS),
      text: (flag) => flag.text,
    },
  ),
  listRule(
    'spoken',
    inState('spoken', ({ spoken }) => spoken),
    {
      cap: CAPS.spoken,
      ends: spokenEnd,
      // A run under way is kept for its question.
      keep: (run) => (run.until === 0 ? 0 : spokenEnd(run)),
      atRest: spokenEnd,
      bytes: ({ expected, heard }) => expected.reduce((sum, each) => sum + 1 + each.parts.length, heard.length) * 40,
    },
  ),
  listRule(
    'flagUses',
    inState('flagUses', ({ flagUses }) => flagUses),
    {
      cap: CAPS.flagUses,
      ends: (use, { flagTailMs }, state) =>
        Math.max(use.at + LATEST_ECHO_MS + flagTailMs + 1, disputedUntil(state, use.raisedAt)),
      atRest: (use, state) => Math.max(use.at + 2 * LATEST_ECHO_MS, disputedUntil(state, use.raisedAt)),
    },
  ),
  listRule(
    'sent',
    inState('sent', ({ sent }) => sent),
    {
      ...HOLDS_ITS_MESSAGE,
      cap: CAPS.sent,
      ends: (sent) => sent.until + LATEST_ECHO_MS,
      keep: (sent) => sent.until + LATEST_ECHO_MS,
      atRest: (sent) => sent.until + LATEST_ECHO_MS,
      withMessage: (sent, message) => ({ ...sent, message }),
    },
  ),
  listRule(
    'unclaimed',
    inState('unclaimed', ({ unclaimed }) => unclaimed),
    {
      ...HOLDS_ITS_MESSAGE,
      cap: CAPS.unclaimed,
      ends: (echo, { echoTtlMs }, state) => Math.max(echo.at + echoTtlMs, disputedUntil(state, echo.at)),
      atRest: (echo, state) => disputedUntil(state, echo.at),
      withMessage: (echo, message) => ({ ...echo, message }),
    },
  ),
  listRule(
    'waiting',
    inState('waiting', ({ waiting }) => waiting),
    {
      cap: CAPS.waiting + 1,
      keep: (message) => message.arrivedAt + ANSWER_WINDOW_MS,
      atRest: (message) => message.arrivedAt + ANSWER_WINDOW_MS,
      messages: (message) => [message],
      withMessage: (_old, message) => message,
    },
  ),
  listRule(
    'setAside',
    inState('setAside', ({ setAside }) => setAside),
    {
      ...HOLDS_ITS_MESSAGE,
      cap: CAPS.setAside,
      ends: (aside) => aside.at + GIVE_BACK_MS,
      atRest: 'goes',
      withMessage: (aside, message) => ({ ...aside, message }),
    },
  ),
  listRule(
    'asked',
    inState('asked', ({ asked }) => asked),
    {
      cap: CAPS.asked,
      ends: (asked, { repeatWindowMs }) => asked.arrivedAt + repeatWindowMs,
      atRest: 'goes',
      text: (asked) => asked.text,
    },
  ),
  listRule(
    'early',
    inState('early', ({ early }) => early),
    {
      cap: CAPS.early,
      ends: (change) => change.at + EARLY_LIFE_MS,
      keep: (change) => change.at + EARLY_LIFE_MS,
      atRest: (change) => change.at + EARLY_LIFE_MS,
      text: (change) => change.text,
    },
  ),
  listRule(
    'parts',
    inOutbox('parts', ({ parts }) => parts),
    {
      messages: messagesOf,
      cap: CAPS.parts,
      keep: ({ stage }) => stageEnd(stage) + ANSWER_WINDOW_MS,
      atRest: 'stays',
      withMessage: partWith,
    },
  ),
  listRule(
    'partsSetAside',
    inOutbox('setAside', ({ setAside }) => setAside),
    {
      cap: CAPS.partsSetAside,
      ends: (aside) => aside.at + GIVE_BACK_MS,
      atRest: 'goes',
      messages: ({ part }) => messagesOf(part),
      withMessage: (aside, message) => ({ ...aside, part: partWith(aside.part, message) }),
    },
  ),
  listRule(
    'dead',
    inOutbox('dead', ({ dead }) => dead),
    {
      cap: CAPS.dead,
      ends: (letter) => letter.at + DEAD_LETTER_LIFE_MS,
      keep: (letter) => letter.at + DEAD_LETTER_LIFE_MS,
      atRest: (letter) => letter.at + DEAD_LETTER_LIFE_MS,
      messages: (letter) => letter.parts.flatMap(messagesOf),
      withMessage: (letter, message) => ({ ...letter, parts: letter.parts.map((part) => partWith(part, message)) }),
    },
  ),
  listRule(
    'posts',
    inOutbox('posts', ({ posts }) => posts),
    {
      cap: CAPS.posts,
      ends: (post) => post.at + POST_LIFE_MS,
      keep: (post) => post.at + POST_LIFE_MS,
      atRest: (post) => post.at + POST_LIFE_MS,
      // A key and a digest, with their object.
      bytes: 250,
    },
  ),
]

function messagesOf({ message, answers }: Part): readonly Message[] {
  return answers.length === 0 ? [message] : [message, ...answers]
}

function partWith<P extends Part>(part: P, message: Message): P {
  if (part.message.seq === message.seq) return { ...part, message }
  return { ...part, answers: part.answers.map((each) => (each.seq === message.seq ? message : each)) }
}

/** Until this time forgetting the state would change the bot's behaviour. */
export function keepUntil(state: Conversation, policy: Pick<Policy, 'reopenAfterMs'>): number {
  const { run, share } = state.asking
  let latest = state.closedAt > 0 ? state.closedAt + policy.reopenAfterMs : 0
  if (run !== null) for (const message of run.messages) latest = Math.max(latest, message.arrivedAt + ANSWER_WINDOW_MS)
  if (share !== null) latest = Math.max(latest, share.until)
  for (let i = 0; i < LISTS.length; i++) latest = Math.max(latest, LISTS[i]!.keepUntil(state))
  return Math.min(latest, FOREVER)
}
