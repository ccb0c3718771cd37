import { parentPort, workerData } from 'node:worker_threads'
import { loadSqlite } from './package.js'
import { quickCheck } from './quick-check.js'

/**
 * A worker thread for long operations on the file, so that webhooks are not held up: checkpoints of the WAL, and the
 * check of the whole file. It never blocks a writer.
 */

export type Task = { readonly is: 'checkpoint' } | { readonly is: 'check' } | { readonly is: 'close' }

export interface Answer {
  /** The pages in the WAL after a checkpoint. */
  readonly pages: number
  /** The problem found in the file, or why the task failed; null for none. */
  readonly problem: string | null
}

const { path } = workerData as { readonly path: string }
const port = parentPort!
const { DatabaseSync } = await loadSqlite()
const database = new DatabaseSync(path)
database.exec('PRAGMA synchronous = NORMAL')

port.on('message', (task: Task) => {
  if (task.is === 'close') {
    database.close()
    port.close()
    return
  }
  port.postMessage(done(task.is))
})

function done(what: 'checkpoint' | 'check'): Answer {
  try {
    if (what === 'check') return { pages: 0, problem: quickCheck(database) }
    const { log } = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() as { readonly log: number }
    return { pages: log, problem: null }
  } catch (error) {
    return { pages: 0, problem: (error as Error).message }
  }
}
