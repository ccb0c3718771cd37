/** What the passes over one text have in common. */
export interface Budget {
  /**
   * How many characters and marks the searches for an end or a partner may still look at. Each of them looks at few in a text
   * that is meant to be read; where marks are made to have no end, they look at the square of their number.
   */
  steps: number
}

export function budgetOf(steps: number): Budget {
  return { steps }
}
