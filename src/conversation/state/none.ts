/** The empty list of every state: a million idle conversations hold references to it instead of lists of their own. */
export const NONE: readonly never[] = Object.freeze([])
