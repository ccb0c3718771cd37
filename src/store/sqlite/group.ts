import type { Database } from './package.js'

/**
 * Group commit: writes of consecutive turns of the event loop share a transaction, which is committed after the first
 * turn without a write; then the writers are called back. A failure rolls back the whole group and is reported to all of
 * its writers, so that nobody builds on data that is not in the file.
 */
export interface Group {
  /** Writes within the group's transaction; `settled` is called with its outcome. */
  write<T>(work: () => T): { readonly value: T; readonly settled: Promise<void> }
  /** Resolves when all writes so far are in the file. */
  settled(): Promise<void> | null
  /** Called after the commit, in the order of the writes. */
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

/** A group is committed after this many turns at the latest: larger ones hardly cost less per write. */
const MOST_TURNS = 4

export function createGroup(parts: {
  readonly database: Database
  /** Translates the error; caches of what the group wrote must be dropped now. */
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
    // A failure is reported to the writers; nobody has to await this promise.
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
    // After some errors SQLite has rolled the transaction back by itself.
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
