/**
 * Parses an entry of API_TOKENS, `name:token` or `token`. Text before a colon that is not a valid name is part of the
 * token.
 */
export function named(text: string, index: number): { readonly name: string; readonly token: string } {
  const [, name, token] = /^([A-Za-z][\w.-]{0,31}):(.+)$/.exec(text) ?? []
  return name === undefined || token === undefined ? { name: `api-${index + 1}`, token: text } : { name, token }
}
