import type { Labels, Sample } from './expose.js'

/** Counts durations in buckets. */
export interface Histogram {
  observe(seconds: number): void
  samplesOf(name: string, labels: Labels): readonly Sample[]
}

export function createHistogram(bounds: readonly number[]): Histogram {
  /** One for each bound, and one for everything above the last. */
  const counts = new Array<number>(bounds.length + 1).fill(0)
  let sum = 0

  return {
    observe(seconds) {
      let i = 0
      while (i < bounds.length && seconds > bounds[i]!) i++
      counts[i]! += 1
      sum += seconds
    },
    samplesOf(name, labels) {
      let count = 0
      const buckets = counts.map((here, i): Sample => {
        count += here
        return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[i] ?? '+Inf' }, value: count }
      })
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: count },
      ]
    },
  }
}
