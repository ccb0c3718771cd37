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

/** `user:12#34@host` parses with `user` as host and a part of the password as port. */
const MISREAD_LOGIN = /[?#][^,]*@/

function problemOf(given: string): string | null {
  if (MISREAD_LOGIN.test(given)) return 'has a login with ? or # in it: write %3F or %23'
  if (given.startsWith(SENTINEL)) return sentinelProblem(given.slice(SENTINEL.length))
  if (given.startsWith(CLUSTER)) return seedsProblem([given.replace('redis+cluster:', 'redis:')])
  if (given.includes(',')) return seedsProblem(given.split(','))
  const server = parseServer(given)
  return server !== null && /^\/?\d*$/.test(server.pathname) ? null : FORMS
}

const SENTINEL = 'redis+sentinel://'
const CLUSTER = 'redis+cluster://'
const MASK = '••••'

/**
 * The parts of a URL that may be shown: credentials are removed, and the query, which some clients read a password
 * from.
 */
function shownServer(given: string): string {
  const { protocol, username, password, host, pathname, search } = new URL(given.trim())
  const login = username === '' && password === '' ? '' : `${MASK}@`
  return `${protocol}//${login}${host}${pathname}${search === '' ? '' : `?${MASK}`}`
}

function shownSentinels(given: string): string {
  const at = given.lastIndexOf('@')
  const [hosts, name] = given.slice(at + 1).split('/') as [string, string]
  const nodes = hosts.split(',').map((host) => new URL(`redis://${host.trim()}`).host)
  return `${SENTINEL}${at < 0 ? '' : `${MASK}@`}${nodes.join(',')}/${name}`
}

/** Checks the syntax only; does not connect. */
export const redisUrl: Kind<string> = {
  parse: (value): Parsed<string> => {
    const given = String(value).trim()
    const why = problemOf(given)
    return why === null ? { is: 'ok', value: given } : { is: 'bad', why }
  },
  show: (url) => {
    if (url.startsWith(SENTINEL)) return shownSentinels(url.slice(SENTINEL.length))
    if (url.startsWith(CLUSTER)) return shownServer(url)
    return url.split(',').map(shownServer).join(',')
  },
}
