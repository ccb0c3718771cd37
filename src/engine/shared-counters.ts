/** Counters that all processes share. */
export interface SharedCounters {
  /**
   * Adds to a counter and answers its sum. The first addition begins a window of this length, after which the counter
   * starts anew.
   */
  add(key: string, many: number, windowMs: number): Promise<CounterSum>
}

export interface CounterSum {
  readonly sum: number
  /** Until the end of the counter's window. */
  readonly leftMs: number
}
