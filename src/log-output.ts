import { writeSync } from 'node:fs'

/**
 * Where log lines go: collected during one turn of the event loop and written together at its end. A write per line
 * would cost more than the rest of logging; buffering longer than a turn could lose lines in a crash.
 */
export interface LogOutput {
  write(line: string): void
  flush(): void
}

const ROOM = 64 * 1024
/** A UTF-16 unit takes three bytes at the most. */
const MOST_BYTES_PER_UNIT = 3
const BUSY_WAIT_MS = 5
/** A reader that takes nothing for so long hangs; the webhooks must not hang with it. */
const MOST_BUSY_WAITS = 200

export function createLogOutput(
  fd: number,
  write: (fd: number, bytes: Buffer, offset: number, length: number) => number = writeSync,
): LogOutput {
  const buffer = Buffer.allocUnsafe(ROOM)
  let used = 0
  let isScheduled = false
  let isStuck = false

  function flush(): void {
    const length = used
    used = 0
    writeAll(buffer, length)
  }

  function writeAll(bytes: Buffer, length: number): void {
    let waits = isStuck ? MOST_BUSY_WAITS : 0
    for (let offset = 0; offset < length; ) {
      try {
        offset += write(fd, bytes, offset, length - offset)
        isStuck = false
      } catch (error) {
        // A reader that is slow for a moment must not cost lines, one that has gone must not cost the process.
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
        if (waits >= MOST_BUSY_WAITS) {
          isStuck = true
          return
        }
        waits += 1
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_WAIT_MS)
      }
    }
  }

  return {
    write(line) {
      if (line.length * MOST_BYTES_PER_UNIT > ROOM - used) {
        flush()
        if (line.length * MOST_BYTES_PER_UNIT > ROOM) {
          const bytes = Buffer.from(line)
          writeAll(bytes, bytes.length)
          return
        }
      }
      used += buffer.write(line, used)
      if (isScheduled) return
      isScheduled = true
      setImmediate(() => {
        isScheduled = false
        flush()
      })
    },
    flush,
  }
}

/** The time member of a log line. Formatting a date costs more than looking whether it is still the same. */
export function createTimestamp(now: () => number = Date.now): () => string {
  let last = -1
  let text = ''
  return () => {
    const at = now()
    if (at !== last) {
      last = at
      text = `,"time":"${new Date(at).toISOString()}"`
    }
    return text
  }
}
