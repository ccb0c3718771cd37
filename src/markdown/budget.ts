/**
 * How many characters and marks the searches for an end or a partner may still look at. Each of them looks at few in a text
 * that is meant to be read; where marks are made to have no end, they look at the square of their number.
 */
export interface Budget {
  steps: number
}
