import { FOREVER, type Policy } from '../channel.js'
import { LATEST_ECHO_MS } from '../echo/expected-echoes.js'
import { flagEnd } from '../echo/flags.js'
import { spokenEnd } from '../echo/spoken-runs.js'
import { DEAD_LETTER_LIFE_MS } from '../outbox/dead-letters.js'
import { POST_LIFE_MS } from '../outbox/outgoing.js'
import { GIVE_BACK_MS, prunePause } from '../pause/pause.js'
import { type Conversation, kept } from './state.js'

/** How long a conversation is remembered after its last event, at the least. */
export const IDLE_LIFE_MS = 7 * 24 * 3_600_000

/** Whatever ran out since the last event goes first, so that no rule meets it. */
export function prune(conversation: Conversation, policy: Policy, now: number): Conversation {
  return pruneOutbox(pruneTexts(prunePause(pruneEchoes(conversation, policy, now), now), policy, now), now)
}

/** Forgets what no echo can match any more. */
export function pruneEchoes(state: Conversation, policy: Policy, now: number): Conversation {
  const { flags, flagUses, sent, spoken } = state
  if (flags.length + flagUses.length + sent.length + spoken.length === 0) return state
  const runsLeft = kept(spoken, (run) => now < spokenEnd(run))
  const flagsLeft = kept(flags, (flag) => now < flagEnd(flag, policy.flagTtlMs))
  const sentLeft = kept(sent, (each) => now < each.until + LATEST_ECHO_MS)
  const usesLeft = kept(flagUses, (use) => {
    return now - use.at <= LATEST_ECHO_MS + policy.flagTailMs || runsLeft.some((run) => use.raisedAt >= run.startedAt)
  })
  if (flagsLeft === flags && usesLeft === flagUses && sentLeft === sent && runsLeft === spoken) return state
  return { ...state, flags: flagsLeft, flagUses: usesLeft, sent: sentLeft, spoken: runsLeft }
}

function pruneTexts(state: Conversation, policy: Policy, now: number): Conversation {
  if (state.unclaimed.length === 0 && state.asked.length === 0) return state
  const unclaimed = kept(state.unclaimed, (each) => now - each.at < policy.echoTtlMs || isDuringRun(state, each.at))
  const asked = kept(state.asked, (each) => now - each.at < policy.repeatWindowMs)
  return unclaimed === state.unclaimed && asked === state.asked ? state : { ...state, unclaimed, asked }
}

function pruneOutbox(state: Conversation, now: number): Conversation {
  const { posts, dead } = state.outbox
  if (posts.length === 0 && dead.length === 0) return state
  const postsLeft = kept(posts, (post) => now - post.at < POST_LIFE_MS)
  const deadLeft = kept(dead, (letter) => now - letter.at < DEAD_LETTER_LIFE_MS)
  if (postsLeft === posts && deadLeft === dead) return state
  return { ...state, outbox: { ...state.outbox, posts: postsLeft, dead: deadLeft } }
}

/** As long as a run's words may turn out to be those of an echo, the echo is kept to be compared with them. */
function isDuringRun(state: Conversation, at: number): boolean {
  return state.spoken.some((run) => at >= run.startedAt)
}

/**
 * When the next words run out that the history no longer has, if nothing happens until then. FOREVER where there are
 * none, or where the history has them for as long as the state is remembered: nobody has to come for them.
 */
export function wordsEnd(state: Conversation, policy: Policy): number {
  if (policy.historyTtlMs >= IDLE_LIFE_MS) return FOREVER
  const { unclaimed, asked, sent, flags, outbox } = state
  let end = FOREVER
  for (const each of unclaimed) end = Math.min(end, unclaimedEnd(state, each.at, policy))
  for (const each of asked) end = Math.min(end, each.at + policy.repeatWindowMs)
  for (const each of state.setAside) end = Math.min(end, each.at + GIVE_BACK_MS)
  for (const each of outbox.setAside) end = Math.min(end, each.at + GIVE_BACK_MS)
  for (const each of outbox.dead) end = Math.min(end, each.at + DEAD_LETTER_LIFE_MS)
  for (const each of sent) end = Math.min(end, each.until + LATEST_ECHO_MS)
  for (const flag of flags) if (flag.text !== null) end = Math.min(end, flagEnd(flag, policy.flagTtlMs))
  return end === FOREVER ? FOREVER : Math.max(end, state.lastMessageAt + policy.historyTtlMs)
}

function unclaimedEnd({ spoken }: Conversation, at: number, policy: Policy): number {
  let end = at + policy.echoTtlMs
  for (const run of spoken) if (at >= run.startedAt) end = Math.max(end, spokenEnd(run))
  return end
}
