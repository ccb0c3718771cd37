import type { Database } from './package.js'

/**
 * Group commit: what is written in the same turns of the event loop shares a transaction, which is committed after the
 * first turn that brought nothing more. Whoever wrote is told after that. A failure undoes the whole group and is told to all of it, so nobody ever
 * builds on what is not in the file.
 */
export interface Group {
  /** Writes along with the others of the group; `settled` tells how the group ended. */
  write<T>(work: () => T): { readonly value: T; readonly settled: Promise<void> }
  /** Resolves when what was written until now is in the file. */
  settled(): Promise<void> | null
  /** Told to look at what was committed, in order. */
  afterwards(tell: () => void): void
  flush(): void
}

interface Pending {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  readonly afterwards: (() => void)[]
  writes: number
}

/** A busy group is committed after so many turns, some milliseconds. A larger one would hardly cost less for each. */
const MOST_TURNS = 4

export function createGroup(parts: {
  readonly database: Database
  /** The error as the engine knows it; everything remembered of the group is wrong now. */
  readonly failed: (error: unknown) => Error
  readonly committed: (ms: number) => void
}): Group {
  const { database, failed, committed } = parts
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  let pending: Pending | null = null

  function open(): Pending {
    let resolve = ignore
    let reject: (error: unknown) => void = ignore
    const promise = new Promise<void>((onCommitted, onFailed) => {
      resolve = onCommitted
      reject = onFailed
    })
    // Whoever waits for it is told; nobody has to.
    promise.catch(ignore)
    const opened = { promise, resolve, reject, afterwards: [], writes: 0 }
    pending = opened
    endAfterTurn(opened, MOST_TURNS)
    return opened
  }

  function endAfterTurn(opened: Pending, turnsLeft: number): void {
    const { writes } = opened
    setImmediate(() => {
      if (pending !== opened) return
      if (opened.writes === writes || turnsLeft === 1) end()
      else endAfterTurn(opened, turnsLeft - 1)
    })
  }

  function end(): void {
    const ended = pending
    if (ended === null) return
    const startedAt = performance.now()
    try {
      commit.run()
    } catch (error) {
      undo(ended, error)
      return
    }
    pending = null
    committed(performance.now() - startedAt)
    for (const tell of ended.afterwards) tell()
    ended.resolve()
  }

  function undo(undone: Pending, error: unknown): Error {
    pending = null
    // SQLite itself has ended the transaction after some failures.
    if (database.isTransaction) database.exec('ROLLBACK')
    const failure = failed(error)
    undone.reject(failure)
    return failure
  }

  return {
    write(work) {
      const isFirst = pending === null
      const group = pending ?? open()
      try {
        if (isFirst) begin.run()
        group.writes += 1
        return { value: work(), settled: group.promise }
      } catch (error) {
        throw undo(group, error)
      }
    },
    settled: () => pending?.promise ?? null,
    afterwards: (tell) => void pending?.afterwards.push(tell),
    flush: end,
  }
}

function ignore(): void {}
