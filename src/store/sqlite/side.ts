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
  let started: Thread | null = null
  let last: Promise<unknown> = Promise.resolve()

  function start(): Thread {
    const worker = new Worker(new URL('./side-thread.js', import.meta.url), { workerData: { path }, execArgv: [] })
    const gone = new Promise<Answer>((resolve) => {
      let problem = 'the side thread of the store has ended'
      worker.once('error', (error) => {
        problem = error.message
      })
      worker.once('exit', () => resolve({ pages: 0, problem }))
    })
    return { worker, gone }
  }

  async function answerTo(task: Task): Promise<Answer> {
    started ??= start()
    const { worker, gone } = started
    const answered = new Promise<Answer>((resolve) => worker.once('message', resolve))
    // Nobody stays alive for the thread, but for an answer.
    worker.ref()
    worker.postMessage(task)
    const answer = await Promise.race([answered, gone.finally(ended)])
    worker.unref()
    return answer
  }

  function ended(): void {
    started = null
  }

  function ask(task: Task): Promise<Answer> {
    const answer = last.then(() => answerTo(task))
    last = answer
    return answer
  }

  return {
    async checkpoint() {
      const { pages, problem } = await ask({ is: 'checkpoint' })
      if (problem !== null) throw new Error(`the log could not be moved into the file: ${problem}`)
      return pages
    },
    async check() {
      return (await ask({ is: 'check' })).problem
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

interface Thread {
  readonly worker: Worker
  /** Resolves when it has ended, for whoever waits for an answer in vain. */
  readonly gone: Promise<Answer>
}
