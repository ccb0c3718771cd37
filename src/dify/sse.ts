import { type JsonObject, parseObject } from '../json.js'

/** Parses a stream of events. Dify sends each as one line `data: {json}`, and pings as a bare `event: ping`. */
export interface EventReader {
  take(chunk: Buffer): readonly JsonObject[]
  /** The event of a last line without a line end. */
  end(): readonly JsonObject[]
  /** A line exceeded the cap and was dropped. */
  readonly isOverlong: boolean
}

const NEWLINE = 0x0a

export function createEventReader(longestLine: number): EventReader {
  let pieces: Buffer[] = []
  let length = 0
  let isOverlong = false

  const keep = (piece: Buffer): void => {
    length += piece.length
    if (length <= longestLine) {
      pieces.push(piece)
    } else {
      isOverlong = true
      pieces = []
    }
  }
  // A newline byte never occurs inside a multi-byte character, so lines can be decoded one by one.
  const line = (): JsonObject | null => {
    const text = Buffer.concat(pieces).toString('utf8')
    pieces = []
    length = 0
    return text.startsWith('data:') ? parseObject(text.slice('data:'.length)) : null
  }

  return {
    take(chunk) {
      const events: JsonObject[] = []
      let from = 0
      for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
        keep(chunk.subarray(from, to))
        from = to + 1
        const event = line()
        if (event !== null) events.push(event)
      }
      keep(chunk.subarray(from))
      return events
    },
    end() {
      const event = line()
      return event === null ? [] : [event]
    },
    get isOverlong() {
      return isOverlong
    },
  }
}
