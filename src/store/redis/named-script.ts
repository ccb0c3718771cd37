/**
 * Lets a Lua script name its keys and arguments: `KEYS.due` and `ARGV.limit` become `KEYS[1]` and `ARGV[1]` by their
 * place in the lists that the caller orders its values by. `FIRST_MORE` is the number of the first argument after them.
 */
export function namedScript(keys: readonly string[], args: readonly string[], text: string): string {
  return text
    .replace(/\bKEYS\.(\w+)/g, (_, name: string) => `KEYS[${placeOf(name, keys)}]`)
    .replace(/\bARGV\.(\w+)/g, (_, name: string) => `ARGV[${placeOf(name, args)}]`)
    .replace(/\bFIRST_MORE\b/g, String(args.length + 1))
}

function placeOf(name: string, names: readonly string[]): number {
  const place = names.indexOf(name) + 1
  if (place === 0) throw new Error(`a script uses ‘${name}’, which is not among ${names.join(', ')}`)
  return place
}
