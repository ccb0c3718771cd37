import type { ConversationId } from '../conversation/ids.js'
import type { MaybePromise } from './maybe-promise.js'
import { RouterError } from './ports.js'

/**
 * A queue per conversation: its events are decided in order of arrival, one at a time, since concurrent ones would
 * conflict at the commit. With a synchronous store nothing ever queues.
 */
export type InTurn = <T>(id: ConversationId, work: () => MaybePromise<T>) => MaybePromise<T>

export function createInTurn(): InTurn {
  const last = new Map<ConversationId, Promise<unknown>>()

  return (id, work) => {
    const before = last.get(id)
    const done = before === undefined ? work() : before.then(work, (error: unknown) => afterFailure(error, work))
    if (!(done instanceof Promise)) return done
    last.set(id, done)
    const leave = (): void => {
      if (last.get(id) === done) last.delete(id)
    }
    done.then(leave, leave)
    return done
  }
}

/**
 * During a store outage each event waits for its timeout; the events queued behind a failed one fail with it at once.
 */
function afterFailure<T>(error: unknown, work: () => MaybePromise<T>): MaybePromise<T> {
  if (error instanceof RouterError && error.code === 'store_unavailable') throw error
  return work()
}
