/** Ends every switch over a closed union: a new member then fails the build instead of passing unnoticed. */
export function unreachable(value: never): never {
  throw new Error(`not a member of the union: ${JSON.stringify(value)}`)
}
