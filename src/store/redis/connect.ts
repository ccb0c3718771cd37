import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import type { Log } from '../../engine/ports.js'

/** One connection to whatever REDIS_URL names: a server, a cluster's seed nodes, or a master found through Sentinel. */
export type Client = Redis | Cluster

/** With the replies as the server gives them, which is the default. */
type Options = Omit<RedisOptions, 'replyMapping'>

/** Meta and Dify give up on a request sooner or later, and try again: an answer of 503 must come well before that. */
const COMMAND_TIMEOUT_MS = 1_500
const CONNECT_TIMEOUT_MS = 1_500
/** A server that says nothing for so long while commands wait is gone, whatever TCP thinks. */
const SOCKET_TIMEOUT_MS = 3_000
const FIRST_RETRY_MS = 50
const LONGEST_RETRY_MS = 1_000

export function connect(url: string, log: Log): Client {
  const target = targetOf(url)
  const common: Options = {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    // A commit that was cut off may have happened; it is decided upon again, never sent again.
    autoResendUnfulfilledCommands: false,
    // While there is no connection every command fails at once: what waits here would be answered too late for anybody.
    enableOfflineQueue: false,
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    retryStrategy: retryDelay,
    ...target.options,
  }
  const client = open(target, common)
  logChanges(client, target.shown, log)
  return client
}

function open(target: Target, common: Options): Client {
  if (target.is === 'server') return new Redis(common)
  if (target.is === 'sentinel') {
    return new Redis({ ...common, sentinels: [...target.nodes], name: target.name, sentinelRetryStrategy: retryDelay })
  }
  const { retryStrategy: _, enableOfflineQueue: __, ...redisOptions } = common
  const options: Omit<ClusterOptions, 'redisOptions'> = {
    enableOfflineQueue: false,
    clusterRetryStrategy: retryDelay,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    slotsRefreshInterval: 5_000,
    retryDelayOnFailover: 100,
    retryDelayOnClusterDown: 100,
    maxRedirections: 8,
  }
  return new Cluster([...target.nodes], { ...options, redisOptions })
}

function retryDelay(times: number): number {
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(times, 10))
  // Replicas that lost the same server must not all come back in the same moment.
  return delay / 2 + Math.random() * (delay / 2)
}

interface Node {
  readonly host: string
  readonly port: number
}

export type Target = { readonly shown: string; readonly options: Options } & (
  | { readonly is: 'server' }
  | { readonly is: 'cluster'; readonly nodes: readonly Node[] }
  | { readonly is: 'sentinel'; readonly nodes: readonly Node[]; readonly name: string }
)

/** `REDIS_URL` was checked when the settings were read. */
export function targetOf(url: string): Target {
  if (url.startsWith('redis+sentinel://')) {
    const [login, rest] = splitLogin(url.slice('redis+sentinel://'.length))
    const [hosts, name] = rest.split('/') as [string, string]
    const nodes = hosts.split(',').map((host) => nodeOf(host, 26_379))
    return { is: 'sentinel', nodes, name, shown: `sentinel ${shownNodes(nodes)} for ${name}`, options: login }
  }
  if (url.startsWith('redis+cluster://')) {
    const [login, rest] = splitLogin(url.slice('redis+cluster://'.length))
    const nodes = [nodeOf(rest, 6_379)]
    return { is: 'cluster', nodes, shown: `cluster ${shownNodes(nodes)}`, options: login }
  }
  const servers = url.split(',').map((each) => serverOf(each.trim()))
  const first = servers[0]!
  if (servers.length === 1) {
    const { host, port } = first.node
    return { is: 'server', shown: `${host}:${port}`, options: { ...first.options, host, port } }
  }
  const nodes = servers.map(({ node }) => node)
  return { is: 'cluster', nodes, shown: `cluster ${shownNodes(nodes)}`, options: first.options }
}

function serverOf(text: string): { readonly node: Node; readonly options: Options } {
  const url = new URL(text)
  const db = url.pathname.slice(1)
  const options: Options = {
    ...loginOf(url.username, url.password),
    ...(db === '' ? {} : { db: Number(db) }),
    ...(url.protocol === 'rediss:' ? { tls: { servername: url.hostname } } : {}),
  }
  return { node: nodeOf(url.host, 6_379), options }
}

function splitLogin(text: string): [Options, string] {
  const at = text.lastIndexOf('@')
  if (at < 0) return [{}, text.replace(/\/$/, '')]
  const [username = '', password = ''] = text.slice(0, at).split(':')
  return [loginOf(username, password), text.slice(at + 1).replace(/\/$/, '')]
}

function loginOf(username: string, password: string): Options {
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  }
}

function nodeOf(text: string, defaultPort: number): Node {
  const { hostname, port } = new URL(`redis://${text}`)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? defaultPort : Number(port) }
}

function shownNodes(nodes: readonly Node[]): string {
  return nodes.map(({ host, port }) => `${host}:${port}`).join(',')
}

/** Each change of state once, with what Redis or the network said of it, and never with the login. */
function logChanges(client: Client, shown: string, log: Log): void {
  let said = ''
  const say = (level: 'info' | 'warn', what: string, error?: unknown): void => {
    if (said === what) return
    said = what
    const reason = error instanceof Error ? error.message : undefined
    log[level]({ redis: shown, reason }, what)
  }
  client.on('ready', () => say('info', 'connected to Redis'))
  client.on('error', (error: unknown) => say('warn', 'cannot reach Redis, trying again', error))
  client.on('close', () => say('warn', 'connection to Redis lost, trying again'))
  client.on('end', () => say('info', 'connection to Redis closed'))
}
