import { LATEST_ECHO_MS } from '../../conversation/echo/expected-echoes.js'
import { DEAD_LETTER_LIFE_MS } from '../../conversation/outbox/dead-letters.js'
import { POST_LIFE_MS } from '../../conversation/outbox/outgoing.js'
import { ANSWER_WINDOW_MS, type Conversation, kept, NO_OUTBOX, type Outbox } from '../../conversation/state/state.js'

const RETRY_KEY_MS = 24 * 3_600_000

/**
 * A conversation in which nothing happened for longer than any rule looks back, without what its next event would drop
 * unseen. Otherwise a million silent ones would hold on to their last texts, outside of what the history may weigh.
 */
export function atRest(state: Conversation, now: number): Conversation {
  const { sent, flags, unclaimed, setAside, asked, waiting } = state
  const outbox = outboxAtRest(state.outbox, now)
  const count = sent.length + flags.length + unclaimed.length + setAside.length + asked.length + waiting.length
  if (count === 0) return outbox === state.outbox ? state : { ...state, outbox }
  const sentLeft = kept(sent, (each) => now < each.until + LATEST_ECHO_MS)
  const flagsLeft = kept(
    flags,
    (flag) => now < flag.until + (flag.idempotencyKey === null ? LATEST_ECHO_MS : RETRY_KEY_MS),
  )
  const waitingLeft = kept(waiting, (message) => now < message.arrivedAt + ANSWER_WINDOW_MS)
  const isLeft = sentLeft === sent && flagsLeft === flags && waitingLeft === waiting
  if (isLeft && outbox === state.outbox && unclaimed.length + setAside.length + asked.length === 0) return state
  return {
    ...state,
    sent: sentLeft,
    flags: flagsLeft,
    waiting: waitingLeft,
    unclaimed: kept(unclaimed, none),
    setAside: kept(setAside, none),
    asked: kept(asked, none),
    outbox,
  }
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
