import { asObject, type JsonObject } from '../json.js'
import { textIn } from './json.js'

/** Collects the texts that a run streams, whatever its outcome: all of it, and that of each node. */
export interface Said {
  take(event: JsonObject): void
  /** The same array until there is new text. */
  readonly texts: readonly string[]
}

/** Three of the longest answers; further text is ignored. */
const LONGEST = 60_000
const MOST_SPEAKERS = 12

export function createSaid(): Said {
  let whole = ''
  let parts: string[] = []
  let speaker = ''
  let texts: readonly string[] = []

  function add(text: string, by: string): void {
    if (text === '' || whole.length > LONGEST) return
    whole += text
    if (parts.length > 0 && (by === speaker || parts.length === MOST_SPEAKERS)) parts[parts.length - 1] += text
    else parts.push(text)
    speaker = by
    texts = parts.length > 1 ? [whole, ...parts] : [whole]
  }

  return {
    take(event) {
      const name = textIn(event, 'event')
      const data = asObject(event['data']) ?? {}
      switch (name) {
        // An agent app may repeat the whole answer in one `message`.
        case 'message':
        case 'agent_message':
        case 'message_file':
          add(textIn(event, 'answer'), `${name} ${speakerIn(event)}`)
          break
        case 'text_chunk':
          add(textIn(data, 'text'), speakerIn(data))
          break
        case 'message_replace':
          whole = ''
          parts = []
          add(textIn(event, 'answer'), name)
      }
    },
    get texts() {
      return texts
    },
  }
}

/** The node that produced the output, if Dify names it. */
function speakerIn(of: JsonObject): string {
  return JSON.stringify(of['from_variable_selector'] ?? null)
}
