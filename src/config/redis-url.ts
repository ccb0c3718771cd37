import type { Kind, Parsed } from './kinds.js'

const FORMS =
  'must be redis://host:port, rediss://host:port, several of these comma-separated (the seed nodes of a cluster), ' +
  'redis+cluster://host:port or redis+sentinel://host:port,host:port/name'

const parseServer = (given: string): URL | null => {
  const url = URL.canParse(given) ? new URL(given) : null
  return url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '' ? url : null
}

const hasDatabase = (url: URL): boolean => !['', '/', '/0'].includes(url.pathname)

function seedsProblem(given: readonly string[]): string | null {
  const servers = given.map((one) => parseServer(one.trim()))
  const known = servers.filter((server) => server !== null)
  if (known.length < servers.length) return FORMS
  if (new Set(known.map((server) => server.protocol)).size > 1) {
    return 'must name every seed node with the same scheme, all redis:// or all rediss://'
  }
  return known.some(hasDatabase) ? 'must not name a database: a cluster has only number 0' : null
}

function sentinelProblem(given: string): string | null {
  const [, hosts = '', name = ''] = /^(?:[^/]*@)?([^/@]*)\/([\w.-]*)$/.exec(given) ?? []
  const reachable = hosts.split(',').every((host) => parseServer(`redis://${host.trim()}`) !== null)
  return reachable && name !== '' ? null : FORMS
}

function problemOf(given: string): string | null {
  if (given.startsWith('redis+sentinel://')) return sentinelProblem(given.slice('redis+sentinel://'.length))
  if (given.startsWith('redis+cluster://')) return seedsProblem([given.replace('redis+cluster:', 'redis:')])
  if (given.includes(',')) return seedsProblem(given.split(','))
  const server = parseServer(given)
  return server !== null && /^\/?\d*$/.test(server.pathname) ? null : FORMS
}

/** Looks at the form alone; nothing is connected to. */
export const redisUrl: Kind<string> = {
  parse: (value): Parsed<string> => {
    const given = String(value).trim()
    const why = problemOf(given)
    return why === null ? { is: 'ok', value: given } : { is: 'bad', why }
  },
  // Logins go, and the query too, since clients read a password from there as well.
  show: (url) => url.replace(/(^|,)([a-z+]+:\/\/)[^,]*@/g, '$1$2••••@').replace(/\?[^,]*/g, '?••••'),
}
