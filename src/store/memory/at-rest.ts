import { LATEST_ECHO_MS } from '../../conversation/ledger.js'
import { ANSWER_WINDOW_MS, type Conversation, kept } from '../../conversation/state.js'

const RETRY_KEY_MS = 24 * 3_600_000

/**
 * A conversation in which nothing happened for longer than any rule looks back, without what its next event would drop unseen. Otherwise a
 * million silent ones would hold on to their last texts, outside of what the history may weigh.
 */
export function atRest(state: Conversation, now: number): Conversation {
  const { sent, flags, unclaimed, setAside, asked, waiting } = state
  const count = sent.length + flags.length + unclaimed.length + setAside.length + asked.length + waiting.length
  if (count === 0) return state
  const sentLeft = kept(sent, (each) => now < each.until + LATEST_ECHO_MS)
  const flagsLeft = kept(
    flags,
    (flag) => now < flag.until + (flag.idempotencyKey === null ? LATEST_ECHO_MS : RETRY_KEY_MS),
  )
  const waitingLeft = kept(waiting, (message) => now < message.arrivedAt + ANSWER_WINDOW_MS)
  const isLeft = sentLeft === sent && flagsLeft === flags && waitingLeft === waiting
  if (isLeft && unclaimed.length + setAside.length + asked.length === 0) return state
  return {
    ...state,
    sent: sentLeft,
    flags: flagsLeft,
    waiting: waitingLeft,
    unclaimed: kept(unclaimed, none),
    setAside: kept(setAside, none),
    asked: kept(asked, none),
  }
}

const none = () => false
