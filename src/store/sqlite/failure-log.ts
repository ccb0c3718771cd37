import type { Log } from '../../engine/ports.js'
import { damageOf } from './failures.js'

/** Logs once that the file cannot be used and why, and once that it works again. */
export interface FailureLog {
  tell(failure: Error): void
  over(): void
  /** The result of a check of the file that ran after the start; null when it is sound. */
  checked(path: string, problem: string | null): void
}

export function createFailureLog(log: Log): FailureLog {
  let told: string | null = null

  function tell(failure: Error): void {
    if (told === failure.message) return
    told = failure.message
    log.error({ err: failure.cause ?? failure }, `the store fails: ${failure.message}`)
  }

  return {
    tell,
    over() {
      if (told === null) return
      told = null
      log.info({ store: 'sqlite' }, 'the store works again')
    },
    checked(path, problem) {
      if (problem !== null) tell(damageOf(path, problem))
    },
  }
}
