import { isIP } from 'node:net'
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import type { Log } from '../../engine/ports.js'
import type { Timers } from '../../engine/timers.js'
import { createConnectionLog } from './connection-log.js'
import { followMaster } from './master-switch.js'

/**
 * A connection to what REDIS_URL names: a single server, a cluster's seed nodes, or a master found through Sentinel.
 */
export type Client = Redis | Cluster

/** A connection to one server, for a subscription. */
export type Line = Redis

/** With the server's replies unchanged, which is the default. */
type Options = Omit<RedisOptions, 'replyMapping'>

/** Meta and Dify time out and retry: an answer of 503 must come well before that. */
const COMMAND_TIMEOUT_MS = 1_500
const CONNECT_TIMEOUT_MS = 1_500
/**
 * A server that sends nothing for this long while commands wait is considered gone, whatever TCP says: all waiting
 * commands fail together, and later ones at once.
 */
const SOCKET_TIMEOUT_MS = COMMAND_TIMEOUT_MS
const FIRST_RETRY_MS = 50
const LONGEST_RETRY_MS = 1_000
/** How long the process waits for its first connection before it listens without one. */
const FIRST_CONNECTION_MS = 1_000
/** A master that became a replica refuses all writes: at most one search for the new master per interval. */
const LOOK_FOR_MASTER_EVERY_MS = 1_000

export function connect(url: string, log: Log): Client {
  const target = targetOf(url)
  const changes = createConnectionLog(target.shown, log)
  const common: Options = {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    // A commit that was cut off may have been executed: it is decided again, never resent.
    autoResendUnfulfilledCommands: false,
    // Without a connection every command fails at once: a queued one would be answered too late for its sender.
    enableOfflineQueue: false,
    // A cluster's client learns of each move from the servers, and stays.
    reconnectOnError: createReadOnlyWatch(target.is === 'cluster' ? () => {} : changes.readOnly),
    retryStrategy: retryDelay,
    // A server that reads its data at its start says how long that will take, which is a guess.
    maxLoadingRetryTime: LONGEST_RETRY_MS,
    ...target.options,
  }
  const client = open(target, common)
  changes.follow(client)
  return client
}

/**
 * Resolves when the first attempt to connect has succeeded or failed, or hangs: requests before that would be refused
 * although Redis is there.
 */
export function firstConnection(client: Client, timers: Pick<Timers, 'after'>): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      client.off('ready', end).off('close', end)
      resolve()
    }
    const cancel = timers.after(FIRST_CONNECTION_MS, end)
    client.on('ready', end).on('close', end)
  })
}

/**
 * A subscription connection like the client's own, opened and closed by its user. In a cluster any node works, since
 * messages are broadcast to all. Null while no node is known.
 */
export function createLine(client: Client): Line | null {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client]
  const node = nodes[Math.floor(Math.random() * nodes.length)]
  if (node === undefined) return null
  const line = node.duplicate({ lazyConnect: true, retryStrategy: null, sentinelRetryStrategy: () => null })
  if (client instanceof Cluster) endWith(node, line)
  return line
}

/** A server that left the cluster keeps its connections, and hears nothing of the others any more. */
function endWith(node: Redis, line: Line): void {
  const leave = (): void => line.disconnect()
  node.once('end', leave)
  line.once('end', () => node.off('end', leave))
}

function open(target: Target, common: Options): Client {
  if (target.is === 'server') return new Redis(common)
  if (target.is === 'sentinel') {
    const { name, nodes, options } = target
    const { username, password } = options
    // Without a user name it is the default user's, and nobody is refused where that one needs none. A user of the servers
    // is none of the sentinels'.
    const sentinelPassword = username === undefined ? password : undefined
    const client = new Redis({
      ...common,
      sentinels: [...nodes],
      name,
      ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
      sentinelRetryStrategy: retryDelay,
      // A sentinel that takes the connection and says nothing would be waited for without end.
      sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
    })
    const login = sentinelPassword === undefined ? {} : { password: sentinelPassword }
    followMaster(client, name, nodes, { ...login, connectTimeout: CONNECT_TIMEOUT_MS, retryStrategy: retryDelay })
    return client
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

export function retryDelay(times: number): number {
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(times, 10))
  // Jitter: replicas that lost the same server must not reconnect at the same moment.
  return delay / 2 + Math.random() * (delay / 2)
}

function createReadOnlyWatch(found: (error: Error) => void): (error: Error) => boolean {
  let lastAt = Number.NEGATIVE_INFINITY
  return (error) => {
    const now = performance.now()
    // Older servers wrap an error inside a script in their own text.
    if (!error.message.includes('READONLY') || now - lastAt < LOOK_FOR_MASTER_EVERY_MS) return false
    lastAt = now
    found(error)
    return true
  }
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

/** `REDIS_URL` was validated with the settings. */
export function targetOf(url: string): Target {
  if (url.startsWith('redis+sentinel://')) {
    const [login, rest] = splitLogin(url.slice('redis+sentinel://'.length))
    const [hosts, name] = rest.split('/') as [string, string]
    const nodes = hosts.split(',').map((host) => nodeOf(host.trim(), 26_379))
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
    ...(url.protocol === 'rediss:' ? { tls: tlsFor(url.hostname) } : {}),
  }
  return { node: nodeOf(url.host, 6_379), options }
}

/** A cluster announces its nodes by address, while their certificates have names: they must match the seed's. */
function tlsFor(hostname: string): { readonly servername?: string } {
  return isIP(bare(hostname)) === 0 ? { servername: hostname } : {}
}

function splitLogin(text: string): [Options, string] {
  const at = text.lastIndexOf('@')
  if (at < 0) return [{}, text.replace(/\/$/, '')]
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/.exec(text.slice(0, at))!
  return [loginOf(username, password), text.slice(at + 1).replace(/\/$/, '')]
}

function loginOf(username: string, password: string): Options {
  return {
    ...(username === '' ? {} : { username: decoded(username) }),
    ...(password === '' ? {} : { password: decoded(password) }),
  }
}

/** A password with a bare % was not URL-encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function nodeOf(text: string, defaultPort: number): Node {
  const { hostname, port } = new URL(`redis://${text}`)
  return { host: bare(hostname), port: port === '' ? defaultPort : Number(port) }
}

/** An IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function shownNodes(nodes: readonly Node[]): string {
  return nodes.map(({ host, port }) => `${host}:${port}`).join(',')
}
