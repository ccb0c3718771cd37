import { RouterError } from '../../engine/ports.js'

/**
 * Slows down guessing of tokens. From an address with many wrong tokens each further token is checked only after a
 * delay, one at a time, whether right or wrong: delaying only refusals would let the right guess through at full
 * speed. A token that was accepted from that address before is not delayed.
 */
export interface Guesses {
  /** Resolves when the token may be checked; null means at once. Throws `rate_limited` when too many wait already. */
  turn(address: string, token: string): Promise<void> | null
  right(address: string, token: string): void
  wrong(address: string): void
}

const WINDOW_MS = 60_000
const FREE_WRONG_TOKENS = 20
/** The delay that each wrong token adds, up to the maximum: about 700 guesses a minute. */
const TURN_MS_PER_WRONG_TOKEN = 0.25
const LONGEST_TURN_MS = 250
const LONGEST_WAIT_MS = 4_000
const MOST_ADDRESSES = 10_000
const MOST_KNOWN = 10_000

interface Guesser {
  since: number
  wrong: number
  /** When the next token may be checked. */
  nextAt: number
}

export function createGuesses(now: () => number, wait: (ms: number) => Promise<unknown>): Guesses {
  const guessers = new Map<string, Guesser>()
  /** The addresses from which each token was accepted. */
  const known = new Map<string, Set<string>>()
  let knownPairs = 0

  function current(address: string): Guesser | undefined {
    const guesser = guessers.get(address)
    return guesser !== undefined && now() - guesser.since < WINDOW_MS ? guesser : undefined
  }

  return {
    turn(address, token) {
      const guesser = current(address)
      if (guesser === undefined || guesser.wrong < FREE_WRONG_TOKENS || known.get(token)?.has(address)) return null
      const at = Math.max(now(), guesser.nextAt)
      const waitMs = at - now()
      if (waitMs >= LONGEST_WAIT_MS) {
        throw new RouterError('rate_limited', 'Too many wrong tokens from this address.', { retryAfterMs: waitMs })
      }
      guesser.nextAt = at + Math.min(LONGEST_TURN_MS, guesser.wrong * TURN_MS_PER_WRONG_TOKEN)
      return wait(waitMs).then(() => {})
    },
    right(address, token) {
      if (known.get(token)?.has(address)) return
      if (knownPairs >= MOST_KNOWN) {
        known.clear()
        knownPairs = 0
      }
      const addresses = known.get(token) ?? new Set()
      known.set(token, addresses.add(address))
      knownPairs += 1
    },
    wrong(address) {
      const guesser = current(address)
      if (guesser !== undefined) {
        guesser.wrong += 1
        return
      }
      if (guessers.size >= MOST_ADDRESSES) guessers.clear()
      guessers.set(address, { since: now(), wrong: 1, nextAt: 0 })
    },
  }
}
