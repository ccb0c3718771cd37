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
  let worker: Worker | null = null
  /** Gets the answer to the last task. */
  let take!: (answer: Answer) => void
  let last: Promise<unknown> = Promise.resolve()

  function start(): Worker {
    const started = new Worker(new URL('./side-thread.js', import.meta.url), { workerData: { path }, execArgv: [] })
    let problem = 'the side thread of the store has ended'
    started.on('message', (answer: Answer) => take(answer))
    started.once('error', (error) => {
      problem = error.message
    })
    started.once('exit', () => {
      worker = null
      take({ pages: 0, problem })
    })
    return started
  }

  async function answerTo(task: Task): Promise<Answer> {
    worker ??= start()
    const asked = worker
    // The listeners belong to the thread: a promise of its end, which lives as long, would keep something of every task.
    const answered = new Promise<Answer>((resolve) => {
      take = resolve
    })
    // The thread keeps the process alive only while it has a task.
    asked.ref()
    asked.postMessage(task)
    const answer = await answered
    asked.unref()
    return answer
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
      const closed = worker
      if (closed === null) return
      await new Promise((resolve) => {
        closed.once('exit', resolve)
        closed.ref()
        closed.postMessage({ is: 'close' } satisfies Task)
      })
    },
  }
}
