/** The edit distance: letters changed, added, removed or swapped with a neighbour. */
export function distance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const changed = last[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const best = Math.min(changed, last[column]! + 1, current[column - 1]! + 1)
      current.push(swapped ? Math.min(best, beforeLast[column - 2]! + 1) : best)
    }
    beforeLast = last
    last = current
  }
  return last[to.length]!
}

interface Nearest {
  readonly name: string
  readonly distance: number
}

/** A hint for an unknown name: the most similar known name, or else all known names. */
export function hintFor(given: string, known: readonly string[]): string {
  return guessFor(given, known) ?? `known are ${known.join(', ')}`
}

/** The rest of a sentence that starts with a name: lists the words that it takes, with a hint for a similar one. */
export function noneOf(given: string, words: readonly string[]): string {
  const guess = guessFor(given, words)
  return `is ${words.join(' or ')}, not "${given}"${guess === null ? '' : `: ${guess}`}`
}

function guessFor(given: string, known: readonly string[]): string | null {
  const { name, distance } = nearest(given, known)
  const isAlike = distance <= Math.max(given.length, name.length) / 2 || given.startsWith(name)
  return isAlike ? `did you mean ${name}?` : null
}

/** The known name most similar to the given one; `known` must not be empty. */
const nearest = (given: string, known: readonly string[]): Nearest =>
  known.map((name) => ({ name, distance: distance(given, name) })).reduce((a, b) => (b.distance < a.distance ? b : a))
