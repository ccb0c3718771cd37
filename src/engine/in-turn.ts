import type { ConversationId } from '../conversation/ids.js'
import type { MaybePromise } from './maybe-promise.js'
import { RouterError } from './ports.js'

/**
 * What happens to one conversation happens in the order it came, one after the other: together they would only refuse
 * each other's commits. Where the store answers at once nobody ever waits.
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

/** A store out of reach makes all wait that long; those who already did need not find out one after the other. */
function afterFailure<T>(error: unknown, work: () => MaybePromise<T>): MaybePromise<T> {
  if (error instanceof RouterError && error.code === 'store_unavailable') throw error
  return work()
}
