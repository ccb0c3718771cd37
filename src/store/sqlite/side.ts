import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Answer, Task } from './side-thread.js'

/** The side thread, one task at a time. */
export interface Side {
  /** Moves what is in the log into the file, as far as nobody still reads the older pages; resolves to the log's pages. */
  checkpoint(): Promise<number>
  /** What is wrong with the file, null for nothing. */
  check(): Promise<string | null>
  close(): Promise<void>
}

/** The thread starts with its first task. */
export function createSide(path: string): Side {
  let started: { readonly worker: Worker; readonly gone: Promise<unknown> } | null = null
  let last: Promise<unknown> = Promise.resolve()

  function start() {
    const worker = new Worker(new URL('./side-thread.js', import.meta.url), { workerData: { path }, execArgv: [] })
    // A failure of its beginning is an event of its own, and then it has ended as well.
    worker.on('error', () => {})
    return { worker, gone: once(worker, 'exit') }
  }

  function ask(task: Task): Promise<Answer> {
    const answer = last.then(async () => {
      started ??= start()
      const { worker, gone } = started
      // Nobody stays alive for the thread, but for an answer.
      worker.ref()
      worker.postMessage(task)
      const [said] = await Promise.race([once(worker, 'message'), gone.then(() => [ENDED])])
      worker.unref()
      if (said === ENDED) started = null
      return said as Answer
    })
    last = answer.catch(() => {})
    return answer
  }

  return {
    async checkpoint() {
      const answer = await ask({ is: 'checkpoint' })
      if (answer.is === 'checkpoint') return answer.pages
      throw new Error(`the log could not be moved into the file: ${JSON.stringify(answer)}`)
    },
    async check() {
      const answer = await ask({ is: 'check' })
      return answer.is === 'check' ? answer.problem : JSON.stringify(answer)
    },
    async close() {
      await last
      if (started === null) return
      started.worker.ref()
      started.worker.postMessage({ is: 'close' } satisfies Task)
      await started.gone
    },
  }
}

const ENDED: Answer = { is: 'failed', message: 'the side thread of the store has ended' }
