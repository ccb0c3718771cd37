/**
 * A circuit breaker for one assistant: open after failures in a row, so that questions wait instead of timing out one by
 * one; half open after a rest, when one question is let through as a probe.
 */
export interface CircuitBreaker {
  /** When a question may be asked: not later than `now` where one may at once. Half open, it grants the probe to this caller. */
  acquire(now: number): number
  /** A question was sent. */
  began(): void
  /** Its outcome; null where that tells nothing about the assistant. */
  ended(worked: boolean | null, now: number): void
  isOpen(): boolean
}

/** Failures in a row that open the circuit: single ones are common with Dify. */
const FAILURES_TO_OPEN = 5
const FIRST_REST_MS = 2_000
const LONGEST_REST_MS = 30_000
/** While a probe is under way other questions look again after this time; a granted probe that was never sent is granted anew. */
const PROBE_PATIENCE_MS = 500

export function createCircuitBreaker(): CircuitBreaker {
  let failures = 0
  let restMs = FIRST_REST_MS
  let opensAt = 0
  let isProbed = false
  let nextProbeAt = 0

  return {
    acquire(now) {
      if (failures < FAILURES_TO_OPEN) return 0
      if (now < opensAt) return opensAt
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
        opensAt = 0
        return
      }
      // Sent before the circuit opened: failures at the same time must not lengthen the rest.
      if (now < opensAt) return
      failures += 1
      if (failures < FAILURES_TO_OPEN) return
      opensAt = now + restMs
      restMs = Math.min(restMs * 2, LONGEST_REST_MS)
    },
    isOpen: () => failures >= FAILURES_TO_OPEN,
  }
}
