import { type JsonObject, parseObject } from '../json.js'

/** A whole body, up to a size limit. */
export interface Body {
  /** False above the limit; nothing of the body is kept then. */
  take(chunk: Buffer): boolean
  json(): JsonObject | null
}

export function createBody(largest: number): Body {
  let chunks: Buffer[] = []
  let size = 0
  return {
    take(chunk) {
      size += chunk.length
      if (size <= largest) chunks.push(chunk)
      else chunks = []
      return size <= largest
    },
    json: () => parseObject(Buffer.concat(chunks).toString('utf8')),
  }
}
