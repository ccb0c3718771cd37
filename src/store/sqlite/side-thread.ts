import { parentPort, workerData } from 'node:worker_threads'
import { loadSqlite } from './package.js'
import { quickCheck } from './quick-check.js'

/**
 * What takes long on the file, beside the thread that answers webhooks: moving what was written from the log into the
 * file, and looking the whole file through. It never holds up a writer.
 */

export type Task = { readonly is: 'checkpoint' } | { readonly is: 'check' } | { readonly is: 'close' }

/** `checkpoint`: pages in the log. `check`: what is wrong with the file, null for nothing. */
export type Answer =
  | { readonly is: 'checkpoint'; readonly pages: number }
  | { readonly is: 'check'; readonly problem: string | null }
  | { readonly is: 'failed'; readonly message: string }

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
    if (what === 'checkpoint') {
      const { log } = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() as { readonly log: number }
      return { is: 'checkpoint', pages: log }
    }
    return { is: 'check', problem: quickCheck(database) }
  } catch (error) {
    return { is: 'failed', message: (error as Error).message }
  }
}
