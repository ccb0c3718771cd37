import { LATEST_ECHO_MS } from '../../conversation/echo/expected-echoes.js'
import { spokenEnd } from '../../conversation/echo/spoken-runs.js'
import { LATE_WAKE_MS } from '../../conversation/next-step.js'
import { DEAD_LETTER_LIFE_MS } from '../../conversation/outbox/dead-letters.js'
import { POST_LIFE_MS } from '../../conversation/outbox/outgoing.js'
import {
  ANSWER_WINDOW_MS,
  type Conversation,
  type Flag,
  kept,
  NO_OUTBOX,
  type Outbox,
} from '../../conversation/state/state.js'

const RETRY_KEY_MS = 24 * 3_600_000
/** An echo may be late, and a tail has some seconds. */
const FLAG_USE_MS = 2 * LATEST_ECHO_MS

/**
 * A conversation in which nothing happened for longer than any rule looks back, without what its next event would drop
 * unseen. Otherwise a million silent ones would hold on to their last texts, outside of what the history may weigh.
 */
export function atRest(state: Conversation, now: number): Conversation {
  const { sent, flags, flagUses, spoken, unclaimed, setAside, asked, waiting } = state
  const outbox = outboxAtRest(state.outbox, now)
  const passing = flagUses.length + spoken.length + unclaimed.length + setAside.length + asked.length
  if (passing + sent.length + flags.length + waiting.length === 0) {
    return outbox === state.outbox ? state : { ...state, outbox }
  }
  const spokenLeft = kept(spoken, (run) => now < spokenEnd(run))
  // As long as a run's texts may come back, the echoes that came before them may be judged anew.
  const isOver = spokenLeft.length === 0
  const left = {
    sent: kept(sent, (each) => now < each.until + LATEST_ECHO_MS),
    flags: kept(flags, (flag) => now < flagRest(flag)),
    waiting: kept(waiting, (message) => now < message.arrivedAt + ANSWER_WINDOW_MS),
    flagUses: kept(flagUses, (use) => !isOver || now < use.at + FLAG_USE_MS),
    spoken: spokenLeft,
    unclaimed: isOver ? kept(unclaimed, none) : unclaimed,
    setAside: kept(setAside, none),
    asked: kept(asked, none),
    outbox,
  }
  const isSame = Object.entries(left).every(([name, list]) => list === state[name as keyof typeof left])
  return isSame ? state : { ...state, ...left }
}

/** One that nothing used is left to the wake that tells of its end, unless no process comes for it. */
function flagRest({ until, left, idempotencyKey }: Flag): number {
  if (idempotencyKey !== null) return until + RETRY_KEY_MS
  return until + LATEST_ECHO_MS + (left > 0 ? LATE_WAKE_MS : 0)
}

function outboxAtRest(outbox: Outbox, now: number): Outbox {
  if (outbox === NO_OUTBOX) return outbox
  const posts = kept(outbox.posts, (post) => now < post.at + POST_LIFE_MS)
  const dead = kept(outbox.dead, (letter) => now < letter.at + DEAD_LETTER_LIFE_MS)
  if (outbox.parts.length + dead.length + posts.length === 0) return NO_OUTBOX
  if (posts === outbox.posts && dead === outbox.dead && outbox.setAside.length === 0) return outbox
  return { ...outbox, posts, dead, setAside: kept(outbox.setAside, none) }
}

const none = () => false
