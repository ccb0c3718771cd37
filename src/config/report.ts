/** What was found wrong while reading, collected so that all of it is named at once. */
export interface Report {
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
  readonly bad: (line: string) => void
  readonly warn: (line: string) => void
}

export function createReport(): Report {
  // Sets, since one wrong value may be met on several ways (a default that many channels share).
  const problems = new Set<string>()
  const warnings = new Set<string>()
  return {
    get problems() {
      return [...problems]
    },
    get warnings() {
      return [...warnings]
    },
    bad: (line) => void problems.add(line),
    warn: (line) => void warnings.add(line),
  }
}
