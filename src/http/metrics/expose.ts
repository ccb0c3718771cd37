import type { Metric, Registry } from 'prom-client'

/**
 * Events are counted in plain numbers, and labels and text are made when Prometheus scrapes. prom-client's own
 * counters sort and join the labels at each increment, which costs more than most of what they would count.
 */

export type Labels = Readonly<Record<string, string>>

export interface Described {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
}

export interface Sample {
  /** The series' name where it differs from the metric's: a histogram's buckets, sum and count. */
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}

/** Where metrics are registered: prom-client's registry, or what is handed to it later. */
export type Exposition = Pick<Registry, 'registerMetric'>

export function expose(registry: Exposition, described: Described, samples: () => readonly Sample[]): void {
  const metric = { ...described, get: async () => ({ ...described, aggregator: 'sum', values: samples() }) }
  // The registry calls only these methods of a metric.
  registry.registerMetric(metric as unknown as Metric<string>)
}
