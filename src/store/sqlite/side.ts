import { Worker } from 'node:worker_threads'
import type { Answer, Task } from './side-thread.js'

/** The side thread; runs one task at a time. */
export interface Side {
  /**
   * Moves the WAL's content into the file, as far as no reader needs older pages; resolves to the pages left in the
   * WAL.
   */
  checkpoint(): Promise<number>
  /** The problem found in the file; null when it is sound. */
  check(): Promise<string | null>
  close(): Promise<void>
}

/** The thread is started by its first task. */
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
    // The thread keeps the process alive only while it has a task.
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
  /** Resolves when the thread has ended, for a task that gets no answer. */
  readonly gone: Promise<Answer>
}
