import type { Platform, Policy } from '../channel.js'
import { CAPS } from '../state/caps.js'
import type { Message } from '../state/message.js'
import type { ExpectedText, SpokenRun } from '../state/spoken-run.js'
import { added, type Conversation, kept, type Run } from '../state/state.js'
import { digestOf } from '../text/digest.js'
import { splitText } from '../text/split-text.js'

/** Messages of runs whose assistant sends by itself: expected echoes of which only the text is known. */

/** About three of the longest answers, split into the smallest parts. */
const MOST_DIGESTS = 256
const MOST_HEARD = 64

export function beginSpokenRun(state: Conversation, { id, startedAt }: Run): Conversation {
  const run: SpokenRun = { runId: id, startedAt, endedAt: 0, until: 0, expected: [], heard: [], furtherParts: [] }
  return { ...state, spoken: added(state.spoken, run, CAPS.spoken) }
}

/** Another process adopted the run under a new id. */
export function renameSpokenRun(state: Conversation, startedAt: number, runId: string): Conversation {
  return withRun(state, startedAt, (run) => ({ ...run, runId }))
}

/** Nobody waits for the run's answer any more. It may still be running, so its messages stay expected for a while. */
export function cutOffSpokenRun(state: Conversation, startedAt: number, policy: Policy, now: number): Conversation {
  return withRun(state, startedAt, (run) => ({ ...run, until: now + policy.echoTtlMs }))
}

export function endSpokenRun(state: Conversation, startedAt: number, policy: Policy, now: number): Conversation {
  return withRun(state, startedAt, (run) => ({ ...run, endedAt: now, until: now + policy.echoTtlMs }))
}

/** The run never started. */
export function withoutSpokenRun(state: Conversation, startedAt: number): Conversation {
  return { ...state, spoken: kept(state.spoken, (run) => run.startedAt !== startedAt) }
}

/** Replaces the run's expected texts by `said`, all texts known of the run. */
export function withWords(
  state: Conversation,
  startedAt: number,
  said: readonly string[],
  policy: Policy,
): Conversation {
  return withRun(state, startedAt, (run) => {
    const expected = run.heard.reduce(withoutText, expectedOf(said, policy.platform))
    return { ...run, expected }
  })
}

function expectedOf(said: readonly string[], platform: Platform): readonly ExpectedText[] {
  const expected: ExpectedText[] = []
  const known = new Set<string>()
  let digests = 0
  for (const text of said) {
    const parts = splitText(text, platform).map(digestOf)
    const whole = digestOf(text)
    digests += parts.length + 1
    if (parts.length === 0 || known.has(whole) || digests > MOST_DIGESTS) continue
    known.add(whole)
    expected.push({ whole, parts })
  }
  return expected
}

/**
 * Removes a text whose echo has come. A text that came in parts is not expected as a whole any more, and the reverse.
 */
function withoutText(expected: readonly ExpectedText[], digest: string): readonly ExpectedText[] {
  if (!expected.some((each) => isIn(each, digest))) return expected
  return expected.flatMap((each): readonly ExpectedText[] => {
    if (each.whole === digest) return []
    const at = each.parts.indexOf(digest)
    if (at < 0) return [each]
    return each.parts.length === 1 ? [] : [{ whole: '', parts: each.parts.toSpliced(at, 1) }]
  })
}

function isIn(each: ExpectedText, digest: string): boolean {
  return each.whole === digest || each.parts.includes(digest)
}

/** The newest run that began by then, streamed this text, and whose echo is still expected at the echo's time. */
export function runExpecting(state: Conversation, digest: string, at: number, begunBy: number): SpokenRun | null {
  const isExpected = (run: SpokenRun): boolean =>
    (run.until === 0 || at < run.until) && run.startedAt <= begunBy && run.expected.some((each) => isIn(each, digest))
  return state.spoken.findLast(isExpected) ?? null
}

/** The run during which another program sent or reported this bot message at that time, or null. */
export function runThatSent(state: Conversation, message: Message, at = message.at): SpokenRun | null {
  const { type, origin } = message
  if (type !== 'AI' || !origin.fromApp) return null
  const isDuring = ({ startedAt, endedAt, until }: SpokenRun): boolean => {
    const end = endedAt || until
    return at >= startedAt && (end === 0 || at < end)
  }
  return state.spoken.findLast(isDuring) ?? null
}

/** The run had us send a text that we split: the parts after the first were not announced by a mark. */
export function withFurtherParts(state: Conversation, run: SpokenRun, seqs: readonly number[]): Conversation {
  const furtherParts = [...run.furtherParts, ...seqs].slice(-MOST_HEARD)
  return withRun(state, run.startedAt, (each) => ({ ...each, furtherParts }))
}

/** Records that an echo of the run's message has come. */
export function hearText(state: Conversation, run: SpokenRun, digest: string | null): Conversation {
  if (digest === null) return state
  return withRun(state, run.startedAt, (each) => ({
    ...each,
    expected: withoutText(each.expected, digest),
    heard: added(each.heard, digest, MOST_HEARD),
  }))
}

export function isTextOf(run: SpokenRun, digest: string | null): boolean {
  return digest !== null && (run.heard.includes(digest) || run.expected.some((each) => isIn(each, digest)))
}

/** No text of the run is known, but an echo was attributed to it. */
export function mayHaveSpoken({ spoken, flagUses }: Conversation, startedAt: number): boolean {
  const run = spoken.find((each) => each.startedAt === startedAt)
  const isSilent = run === undefined || run.expected.length + run.heard.length === 0
  return isSilent && flagUses.some(({ raisedAt }) => raisedAt >= startedAt)
}

/** Marks up to this time announce messages of this run; later ones belong to the next run. */
export function announcedUntil(state: Conversation, run: SpokenRun): number {
  const next = state.spoken.find((each) => each.startedAt > run.startedAt)
  return next?.startedAt ?? Number.POSITIVE_INFINITY
}

function withRun(state: Conversation, startedAt: number, change: (run: SpokenRun) => SpokenRun): Conversation {
  if (!state.spoken.some((run) => run.startedAt === startedAt)) return state
  return { ...state, spoken: state.spoken.map((run) => (run.startedAt === startedAt ? change(run) : run)) }
}
