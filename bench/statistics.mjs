/** The value below which this share of the sorted values lies; the largest for a share of 1. */
export function percentile(sorted, share) {
  if (sorted.length === 0) throw new Error('no values')
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Half of the way from the lowest to the highest value, as a share of the median. */
export function spread(values) {
  return (Math.max(...values) - Math.min(...values)) / 2 / median(values)
}

/** The median and spread of what one round after the other found; null where a round could not tell. */
export function summary(values) {
  return values.some((value) => value === null) ? null : { median: median(values), spread: spread(values) }
}

/** Of values that belong together by round, how the one relates to the other: the median of the rounds' ratios. */
export function ratio(values, others) {
  return [...values, ...others].some((value) => value === null) ? null : median(values.map((v, i) => v / others[i]))
}
