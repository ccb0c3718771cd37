import {
  CONFLICT,
  type CommitAnswer,
  type CommitArguments,
  type CommitKeys,
  commitCall,
  FAILED,
} from './commit-script.js'

/**
 * Sends the commits of one turn of the event loop as one call of the script: building, sending and answering a call
 * costs as much as the commit in it.
 */
export type CommitTogether = (keys: CommitKeys, args: CommitArguments) => Promise<CommitAnswer>

/** A script blocks the server while it runs: this many commits take about a millisecond. */
const MOST_TOGETHER = 16

interface Waiting {
  readonly keys: CommitKeys
  readonly args: CommitArguments
  readonly resolve: (answer: CommitAnswer) => void
  readonly reject: (error: Error) => void
}

export function createCommitBatches(parts: {
  /** Resolves with the answers, one after the other. */
  readonly run: (call: readonly string[]) => Promise<readonly unknown[]>
  /** The servers of a cluster accept only calls whose keys are of one partition. */
  readonly isCluster: boolean
  readonly errorOf: (cause: unknown) => Error
}): CommitTogether {
  const { run, errorOf } = parts
  let isByPartition = parts.isCluster
  /** By the partition in a cluster. */
  let batches = new Map<string, Waiting[]>()
  let isScheduled = false

  function send(batch: readonly Waiting[]): void {
    run(commitCall(batch)).then(
      (answers) => settle(batch, answers, errorOf),
      (cause: unknown) => {
        if (!isAcrossSlots(cause) || isOfOnePartition(batch)) {
          for (const { reject } of batch) reject(errorOf(cause))
          return
        }
        // A proxy in front of a cluster refuses such a call as a whole.
        isByPartition = true
        for (const each of batch) add(each)
      },
    )
  }

  function sendAll(): void {
    isScheduled = false
    const all = batches
    batches = new Map()
    for (const batch of all.values()) send(batch)
  }

  function add(commit: Waiting): void {
    // Each partition has one due index.
    const name = isByPartition ? commit.keys.due : ''
    const batch = batches.get(name) ?? []
    batch.push(commit)
    if (batch.length === MOST_TOGETHER) {
      batches.delete(name)
      send(batch)
      return
    }
    batches.set(name, batch)
    // Runs after the turn's readable sockets were handled.
    if (!isScheduled) setImmediate(sendAll)
    isScheduled = true
  }

  return (keys, args) => new Promise((resolve, reject) => add({ keys, args, resolve, reject }))
}

function settle(batch: readonly Waiting[], answers: readonly unknown[], errorOf: (cause: unknown) => Error): void {
  let at = 0
  for (const { resolve, reject } of batch) {
    const outcome = answers[at++] as number
    if (outcome === CONFLICT) resolve([outcome, answers[at++] as string | null])
    else if (outcome === FAILED) reject(errorOf(new Error(answers[at++] as string)))
    else resolve([outcome])
  }
}

function isOfOnePartition([first, ...others]: readonly Waiting[]): boolean {
  return others.every(({ keys }) => keys.due === first!.keys.due)
}

function isAcrossSlots(cause: unknown): boolean {
  return cause instanceof Error && cause.message.includes('CROSSSLOT')
}
