// What the measurements are made with: servers of each kind, and the load generator.
import { fork, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canPin, cpuOf, endWithUs, OTHER_CORE, pinned, startServer } from './processes.mjs'
import { startRedis } from './redis.mjs'
import { PAGE, SECRET, TOKEN } from './requests.mjs'

const here = import.meta.dirname
export const ROUTER = join(here, '../dist/main.js')

const settings = {
  HOST: '127.0.0.1',
  PORT: '0',
  META_APP_SECRETS: SECRET,
  META_VERIFY_TOKEN: 'bench-verify',
  API_TOKENS: TOKEN,
  API_RATE_LIMIT: '1000000000',
  CHANNEL_ID: PAGE,
  CHANNEL_TOKEN: 'bench',
  CHANNEL_GRAPH_URL: 'http://127.0.0.1:9',
  DIFY_URL: 'http://127.0.0.1:9/v1',
  DIFY_KEY: 'bench',
  // The questions wait: what is measured is the way to the commit.
  DEBOUNCE: '1h',
  DEBOUNCE_MAX: '1h',
}

const floors = {
  floor: join(here, 'floor-node.mjs'),
  express: join(here, 'floor-express.mjs'),
  fastify: join(here, 'floor-fastify.mjs'),
}

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

const CONNECTIONS = 32

/** The router listens before its connection to Redis is up. */
async function ready(port) {
  for (let i = 0; i < 500; i++) {
    const { status } = await fetch(`http://127.0.0.1:${port}/health/ready`)
    if (status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('the router is not ready')
}

export async function createStage() {
  const scratch = mkdtempSync(join(tmpdir(), 'message-router-bench-'))
  const load = fork(join(here, 'load.mjs'), [], { execArgv: [] })
  endWithUs(load)
  if (canPin) spawnSync('taskset', ['-a', '-p', '-c', String(OTHER_CORE), String(load.pid)])
  let tell = null
  load.on('message', (answer) => tell.resolve(answer))
  load.on('exit', (code) => tell?.reject(new Error(`the load generator ended with ${code}`)))
  let serial = 0
  let users = 0

  function answerOfLoad(message) {
    return new Promise((resolve, reject) => {
      tell = { resolve, reject }
      load.send(message)
    })
  }

  async function start(kind, { router = ROUTER, redis = null, nodeOptions, ...more } = {}) {
    if (floors[kind] !== undefined)
      return { kind, redis: null, ...(await startServer(floors[kind], settings, scratch, nodeOptions)) }
    const ownRedis =
      kind === 'redis' && redis === null ? await startRedis(...pinned(OTHER_CORE, 'redis-server', []), scratch) : null
    const used = redis ?? ownRedis
    const directory = kind === 'sqlite' ? mkdtempSync(join(scratch, 'data-')) : null
    const env = {
      ...settings,
      ...(used === null ? {} : { REDIS_URL: used.url }),
      ...(directory === null ? {} : { DATA_DIR: directory }),
      ...more,
    }
    const server = await startServer(router, env, scratch, nodeOptions)
    if (used !== null) await ready(server.port)
    return {
      kind,
      redis: used,
      ...server,
      async stop() {
        await server.stop()
        await ownRedis?.stop()
        if (directory !== null) rmSync(directory, { recursive: true })
      },
    }
  }

  return {
    start,
    /** A range of customers whom nobody has used yet. */
    newUsers(count) {
      users += count
      return { firstUser: users - count, users: count }
    },
    /** Has the load generator send requests to a server, or in turns to several; per request. */
    async run(serverOrServers, job) {
      const servers = [serverOrServers].flat()
      const [{ redis }] = servers
      serial += 1
      const connections = job.connections ?? CONNECTIONS
      await answerOfLoad({
        is: 'prepare',
        job: { ...job, connections, serial, ports: servers.map(({ port }) => port) },
      })
      const cpuNow = () => servers.reduce((sum, { pid }) => sum + (cpuOf(pid) ?? Number.NaN), 0)
      const scriptsBefore = await redis?.scripts()
      const redisCpuBefore = redis === null ? null : cpuOf(redis.pid)
      const before = cpuNow()
      const { is: _, ...done } = await answerOfLoad({ is: 'go' })
      const cpu = (cpuNow() - before) / job.count
      const scripts = await redis?.scripts()
      const redisCpu = redisCpuBefore === null ? null : (cpuOf(redis.pid) - redisCpuBefore) / job.count
      return {
        ...done,
        cpu: Number.isNaN(cpu) ? null : cpu,
        redisCpu,
        redisCalls: redis === null ? null : (scripts.calls - scriptsBefore.calls) / job.count,
      }
    },
    async close() {
      load.removeAllListeners('exit')
      load.kill()
      rmSync(scratch, { recursive: true })
    },
  }
}
