/** Where a value stands in a JSON text, so that the text can be changed without being formatted anew. */
export interface Place {
  readonly start: number
  readonly end: number
  /** Of an array. */
  readonly items: readonly Place[]
  /** Of an object. */
  readonly fields: ReadonlyMap<string, Place>
}

/** The text must be valid JSON. */
export function placesIn(text: string): Place {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g)]
  let next = 0

  function value(): Place {
    const [first, start] = take()
    const items: Place[] = []
    const fields = new Map<string, Place>()
    if (first !== '[' && first !== '{') return { start, end: start + first.length, items, fields }
    const closing = first === '[' ? ']' : '}'
    while (tokens[next]![0] !== closing) {
      if (tokens[next]![0] === ',') take()
      if (first === '[') items.push(value())
      else {
        const [key] = take()
        // The colon.
        take()
        fields.set(JSON.parse(key) as string, value())
      }
    }
    const [, last] = take()
    return { start, end: last + 1, items, fields }
  }

  function take(): readonly [string, number] {
    const { 0: sign, index } = tokens[next++]!
    return [sign, index]
  }

  return value()
}
