/**
 * A circuit breaker for one assistant. Consecutive failures open it, so that questions wait instead of timing out one
 * by one; after a rest it is half open and lets one question through as a probe.
 */
export interface CircuitBreaker {
  /**
   * The earliest time at which a question may be asked; `now` or earlier means at once. When half open, grants the
   * probe to this caller.
   */
  acquire(now: number): number
  /** A question was sent. */
  began(): void
  /** Reports the outcome; null when it says nothing about the assistant. */
  ended(worked: boolean | null, now: number): void
  isOpen(): boolean
}

/** Consecutive failures that open the circuit. Single failures are common with Dify. */
const FAILURES_TO_OPEN = 5
const FIRST_REST_MS = 2_000
const LONGEST_REST_MS = 30_000
/**
 * Other questions check again after this time while a probe is under way. A granted probe that was never sent is
 * granted again.
 */
const PROBE_PATIENCE_MS = 500

export function createCircuitBreaker(): CircuitBreaker {
  let failures = 0
  let restMs = FIRST_REST_MS
  let restsUntil = 0
  let isProbed = false
  let nextProbeAt = 0

  return {
    acquire(now) {
      if (failures < FAILURES_TO_OPEN) return 0
      if (now < restsUntil) return restsUntil
      if (isProbed || now < nextProbeAt) return now + PROBE_PATIENCE_MS
      // Grants the half-open probe to this caller.
      nextProbeAt = now + PROBE_PATIENCE_MS
      return 0
    },
    began() {
      isProbed = failures >= FAILURES_TO_OPEN
    },
    ended(worked, now) {
      isProbed = false
      if (worked === null) return
      if (worked) {
        failures = 0
        restMs = FIRST_REST_MS
        restsUntil = 0
        return
      }
      // The question was sent before the circuit opened: failures at the same time must not lengthen the rest.
      if (now < restsUntil) return
      failures += 1
      if (failures < FAILURES_TO_OPEN) return
      restsUntil = now + restMs
      restMs = Math.min(restMs * 2, LONGEST_REST_MS)
    },
    isOpen: () => failures >= FAILURES_TO_OPEN,
  }
}
