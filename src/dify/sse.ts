import { type JsonObject, parseObject } from '../json.js'

/** Parses a stream of events. Dify sends each as one line `data: {json}`, and pings as a bare `event: ping`. */
export interface EventReader {
  take(chunk: Buffer): readonly JsonObject[]
  /** The event of a last line without a line end. */
  end(): readonly JsonObject[]
}

const NEWLINE = 0x0a

/** A line may be as long as the caller reads on: a node's event holds everything that the node has read. */
export function createEventReader(): EventReader {
  let pieces: Buffer[] = []

  // A newline byte never occurs inside a multi-byte character, so lines can be decoded one by one.
  const line = (): JsonObject | null => {
    const text = Buffer.concat(pieces).toString('utf8')
    pieces = []
    return text.startsWith('data:') ? parseObject(text.slice('data:'.length)) : null
  }

  return {
    take(chunk) {
      const events: JsonObject[] = []
      let from = 0
      for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
        pieces.push(chunk.subarray(from, to))
        from = to + 1
        const event = line()
        if (event !== null) events.push(event)
      }
      pieces.push(chunk.subarray(from))
      return events
    },
    end() {
      const event = line()
      return event === null ? [] : [event]
    },
  }
}
