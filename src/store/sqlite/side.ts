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

export function startSide(path: string): Side {
  const worker = new Worker(new URL('./side-thread.js', import.meta.url), { workerData: { path }, execArgv: [] })
  // Nobody stays alive for it, but for an answer.
  worker.unref()
  const gone = once(worker, 'exit')
  let last: Promise<unknown> = Promise.resolve()

  function ask(task: Task): Promise<Answer> {
    const answer = last.then(async () => {
      worker.ref()
      worker.postMessage(task)
      const [said] = await Promise.race([once(worker, 'message'), gone.then(endedEarly)])
      worker.unref()
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
      worker.ref()
      worker.postMessage({ is: 'close' } satisfies Task)
      await gone
    },
  }
}

function endedEarly(): never {
  throw new Error('the side thread of the store has ended')
}
