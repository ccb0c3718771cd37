import { parentPort, workerData } from 'node:worker_threads'
import { loadSqlite } from './package.js'
import { quickCheck } from './quick-check.js'

/**
 * What takes long on the file, beside the thread that answers webhooks: moving what was written from the log into the
 * file, and looking the whole file through. It never holds up a writer.
 */

export type Task = { readonly is: 'checkpoint' } | { readonly is: 'check' } | { readonly is: 'close' }

export interface Answer {
  /** That the log held, after a checkpoint. */
  readonly pages: number
  /** What is wrong with the file, or why the task failed; null for nothing. */
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
