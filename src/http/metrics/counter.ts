import { type Exposition, expose, type Labels } from './expose.js'

/** A counter with up to two labels. */
export interface Counter {
  add(many: number, first?: string, second?: string): void
}

interface Series {
  readonly labels: Labels
  value: number
}

export function createCounter(
  registry: Exposition,
  name: string,
  help: string,
  [firstLabel, secondLabel]: readonly string[],
  /** Series that exist with 0 from the start: `rate()` does not see the first event of a new series. */
  known: readonly Labels[],
): Counter {
  const byLabels = new Map<string, Map<string, Series>>()
  const all: Series[] = []

  function addSeries(first: string, second: string): Series {
    const labels: Record<string, string> = {}
    if (firstLabel !== undefined) labels[firstLabel] = first
    if (secondLabel !== undefined) labels[secondLabel] = second
    const series = { labels, value: 0 }
    const row = byLabels.get(first) ?? new Map<string, Series>()
    byLabels.set(first, row)
    row.set(second, series)
    all.push(series)
    return series
  }

  for (const labels of known) {
    addSeries(labels[firstLabel ?? ''] ?? '', labels[secondLabel ?? ''] ?? '')
  }
  expose(registry, { name, help, type: 'counter' }, () => all)
  return {
    add(many, first = '', second = '') {
      const series = byLabels.get(first)?.get(second) ?? addSeries(first, second)
      series.value += many
    },
  }
}
