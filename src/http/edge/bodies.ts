import { type ReadBody, RouterError } from '../../engine/ports.js'
import { stopReading } from './unread.js'

/**
 * Reads request bodies. Their senders are not authenticated yet, so a body uses no more memory than its length: one
 * buffer that grows, whatever the size of the chunks. The total is bounded; above the bound the largest body is
 * dropped, because Meta's deliveries are small and arrive at once, while a body that fills the memory is large and
 * slow.
 */

const FIRST_BYTES = 4 * 1024
/** A body in chunks smaller than any network makes costs a callback for each few bytes. */
const PIECES_LOOKED_AT_FROM = 256
const SMALLEST_MEAN_PIECE = 32

interface Receiving {
  capacity: number
  giveUp(): void
}

export function createReadBody(mostBytesOfAll: number): ReadBody {
  const receiving = new Set<Receiving>()
  let bytesOfAll = 0

  function makeRoom(): void {
    while (bytesOfAll > mostBytesOfAll) {
      let largest: Receiving | null = null
      for (const each of receiving) if (largest === null || each.capacity > largest.capacity) largest = each
      largest!.giveUp()
    }
  }

  return (request, most, done) => {
    const announced = Number(request.headers['content-length'] ?? Number.NaN)
    if (announced > most) {
      done(tooLarge(most), NOTHING)
      return
    }
    let buffer: Buffer = NOTHING
    let size = 0
    let pieces = 0
    let isOver = false
    const own: Receiving = { capacity: 0, giveUp: () => finish(overloaded(), NOTHING) }

    function finish(error: Error | null, body: Buffer): void {
      if (isOver) return
      isOver = true
      bytesOfAll -= own.capacity
      receiving.delete(own)
      buffer = NOTHING
      if (error !== null) stopReading(request)
      done(error, body)
    }

    function grow(needed: number): void {
      const doubled = Math.max(FIRST_BYTES, buffer.length * 2)
      const capacity = Math.max(needed, Math.min(doubled, announced || most, most))
      // Not from Node's buffer pool: a stalled body would keep the rest of its pool slab alive.
      const larger = Buffer.allocUnsafeSlow(capacity)
      buffer.copy(larger, 0, 0, size)
      buffer = larger
      bytesOfAll += capacity - own.capacity
      own.capacity = capacity
      receiving.add(own)
      makeRoom()
    }

    request.on('data', (piece: Buffer) => {
      if (isOver) return
      pieces += 1
      const end = size + piece.length
      if (end > most) finish(tooLarge(most), NOTHING)
      else if (pieces >= PIECES_LOOKED_AT_FROM && end / pieces < SMALLEST_MEAN_PIECE) {
        finish(inCrumbs(), NOTHING)
        // Thousands of chunks may have been read already; parsing them costs half as much once the request is destroyed.
        request.destroy()
      }
      // The usual case, one chunk: no copy is made, since the end event follows in the same turn.
      else if (piece.length === announced) buffer = piece
      else {
        if (end > buffer.length) grow(end)
        // Growing may have dropped this very body as the largest.
        if (!isOver) piece.copy(buffer, size)
      }
      size = end
    })
    request.on('end', () => finish(null, size === buffer.length ? buffer : buffer.subarray(0, size)))
    request.on('error', (cause) => finish(new RouterError('bad_request', 'The body broke off.', { cause }), NOTHING))
  }
}

const NOTHING = Buffer.alloc(0)

function tooLarge(most: number): RouterError {
  return new RouterError('payload_too_large', `The body may have ${most / 1024} KiB at most.`)
}

function inCrumbs(): RouterError {
  return new RouterError('bad_request', 'The body arrives in too many small pieces.')
}

function overloaded(): RouterError {
  return new RouterError('overloaded', 'More is being received at once than MAX_BODIES_MIB allows: try again.')
}
