/** Collects the problems found while reading settings, so that all are reported at once. */
export interface Report {
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
  readonly bad: (line: string) => void
  readonly warn: (line: string) => void
}

export function createReport(): Report {
  // Sets, since the same wrong value may be found more than once (a default that many channels share).
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
