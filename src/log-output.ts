import { writeSync } from 'node:fs'
import { isoTime } from './iso-time.js'

/**
 * Where log lines go: collected during one turn of the event loop and written together at its end. A write per line
 * would cost more than the rest of logging; buffering longer than a turn could lose lines in a crash. A slow reader
 * does not block the loop: what it has not taken is kept, up to a limit, and offered again.
 *
 * pino's own destination (sonic-boom) was measured: asynchronous it costs half as much again per line, since each
 * write goes through the thread pool, and synchronous it waits for a slow reader.
 */
export interface LogOutput {
  /**
   * Writes a line, which may come in two pieces: where one holds an emoji, the other need not take two bytes a letter
   * for it.
   */
  write(line: string, end?: string): void
  /** Writes everything now, and waits for the reader up to a second: for the end of the process. */
  flush(): void
}

const ROOM = 64 * 1024
/** A UTF-16 unit takes three bytes at the most. */
const MOST_BYTES_PER_UNIT = 3
const RETRY_MS = 5
/** Lines beyond this are lost, and counted. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024
const MOST_WAITS = 200

export function createLogOutput(
  fd: number,
  write: (fd: number, bytes: Buffer, offset: number, length: number) => number = writeSync,
): LogOutput {
  const buffer = Buffer.allocUnsafe(ROOM)
  let used = 0
  let isScheduled = false
  /** Bytes that the reader has not taken yet, oldest first. */
  const kept: Buffer[] = []
  let keptBytes = 0
  let lost = 0
  let isRetrying = false

  function endTurn(): void {
    const length = used
    used = 0
    put(buffer.subarray(0, length))
  }

  /** The bytes may be overwritten once it returns. */
  function put(bytes: Buffer): void {
    const taken = kept.length > 0 ? 0 : offer(bytes)
    if (taken < bytes.length) keep(Buffer.from(bytes.subarray(taken)))
  }

  /** Returns how many bytes the reader took; all of them when its end of the pipe is closed. */
  function offer(bytes: Buffer): number {
    let offset = 0
    while (offset < bytes.length) {
      try {
        offset += write(fd, bytes, offset, bytes.length - offset)
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? offset : bytes.length
      }
    }
    return offset
  }

  function keep(bytes: Buffer): void {
    if (keptBytes + bytes.length > MOST_KEPT_BYTES) {
      for (const byte of bytes) if (byte === NEWLINE) lost += 1
    } else {
      kept.push(bytes)
      keptBytes += bytes.length
    }
    if (!isRetrying) offerAgainLater()
  }

  function offerAgainLater(): void {
    isRetrying = true
    const offerAgain = (): void => {
      isRetrying = false
      offerKept()
      if (kept.length > 0 && !isRetrying) offerAgainLater()
    }
    setTimeout(offerAgain, RETRY_MS).unref()
  }

  function offerKept(): void {
    for (let bytes = kept[0]; bytes !== undefined; bytes = kept[0]) {
      const taken = offer(bytes)
      keptBytes -= taken
      if (taken < bytes.length) {
        kept[0] = bytes.subarray(taken)
        return
      }
      kept.shift()
    }
    if (lost === 0) return
    const line = `{"level":40,"time":"${isoTime(Date.now())}","lines":${lost},"msg":"log lines were lost: their reader took none for too long"}\n`
    lost = 0
    put(Buffer.from(line))
  }

  return {
    write(line, end = '') {
      const most = (line.length + end.length) * MOST_BYTES_PER_UNIT
      if (most > ROOM - used) {
        endTurn()
        if (most > ROOM) {
          put(Buffer.from(line + end))
          return
        }
      }
      used += buffer.write(line, used)
      if (end !== '') used += buffer.write(end, used)
      if (isScheduled) return
      isScheduled = true
      setImmediate(() => {
        isScheduled = false
        endTurn()
      })
    },
    flush() {
      endTurn()
      for (let waits = 0; kept.length > 0 && waits <= MOST_WAITS; waits++) {
        if (waits > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
        offerKept()
      }
    },
  }
}

const NEWLINE = 10
