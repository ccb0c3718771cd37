import { readdirSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { setFlagsFromString } from 'node:v8'

/** By so much helpers are nicer (`nice`) than the event loop: where both want the same core, one gets a tenth of it. */
const NICER = 10
const NICEST = 19
/** Helpers compile first: until the process has used so much processor time, to wait for them costs more than it saves. */
const COMPILING_MS = 5_000
const LOOK_EVERY_MS = 250

/**
 * Settings of V8's garbage collector, so that answers wait for it as little as possible. `threads`: where Linux has a
 * directory for each thread of the process.
 */
export function tuneCollector(
  { pid, cpuUsage }: Pick<NodeJS.Process, 'pid' | 'cpuUsage'>,
  threads = `/proc/${pid}/task`,
): void {
  // V8 collects the whole heap once it has grown by some 8 MB, in a busy process every two seconds. So it may grow to
  // three times of what is in use first, within its limit.
  setFlagsFromString('--heap-growing-percent=200')
  // V8 makes objects old from the start where most from the same line of code last for a while. A dead one among them
  // keeps all that it refers to until the next collection of the whole heap, which then comes two to three times as often.
  setFlagsFromString('--no-allocation-site-pretenuring')
  // Later there are other threads too, whose work answers wait for.
  const helpers = numbersIn(threads).filter((thread) => thread !== pid)
  if (helpers.length === 0) return
  const timer = setInterval(() => {
    const { user, system } = cpuUsage()
    if ((user + system) / 1000 < COMPILING_MS) return
    clearInterval(timer)
    const priority = Math.min(getPriority(pid) + NICER, NICEST)
    for (const helper of helpers) lower(helper, priority)
  }, LOOK_EVERY_MS)
  timer.unref()
}

/**
 * V8's helper threads look through the heap while the event loop goes on. On one core they would take half of it, for
 * tenths of a second. Node.js has no setting for their priority; Linux has one for each thread.
 */
function lower(helper: number, priority: number): void {
  try {
    setPriority(helper, priority)
  } catch {
    // It has ended, or may not be changed here: all works without it.
  }
}

/** None on other systems than Linux. */
function numbersIn(directory: string): readonly number[] {
  try {
    return readdirSync(directory).map(Number)
  } catch {
    return []
  }
}
