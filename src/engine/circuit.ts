/**
 * Keeps questions away from an assistant that is down: each would wait for nothing, and all together would keep it down.
 * After a while one of them finds out whether it works again.
 */
export interface Circuit {
  /** When a question may be asked; not later than `now` where one may at once. */
  freeAt(now: number): number
  /** A question is on its way … */
  began(): void
  /** … and has come back; null where that tells nothing about the assistant. */
  ended(worked: boolean | null, now: number): void
  isOpen(): boolean
}

/** In a row: single failures are Dify's everyday life. */
const FAILURES_TO_OPEN = 5
const FIRST_REST_MS = 2_000
const LONGEST_REST_MS = 30_000
/** So long after a probe began the next question asks how it went. */
const PROBE_PATIENCE_MS = 500

export function createCircuit(): Circuit {
  let failures = 0
  let restMs = FIRST_REST_MS
  let opensAt = 0
  let isProbed = false
  let nextProbeAt = 0

  return {
    freeAt(now) {
      if (failures < FAILURES_TO_OPEN) return 0
      if (now < opensAt) return opensAt
      if (isProbed || now < nextProbeAt) return now + PROBE_PATIENCE_MS
      // Whoever is told so is the one; should it not ask after all, the next one may.
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
      // It began before the rest did: what failed together must not make the rest longer.
      if (now < opensAt) return
      failures += 1
      if (failures < FAILURES_TO_OPEN) return
      opensAt = now + restMs
      restMs = Math.min(restMs * 2, LONGEST_REST_MS)
    },
    isOpen: () => failures >= FAILURES_TO_OPEN,
  }
}
