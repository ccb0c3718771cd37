// The webhook's path against the least that it could cost, in turn and several times over. The ratios carry over from
// machine to machine, the numbers do not.
import { fork, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from './redis.mjs'

if (process.argv.length > 2) {
  console.error(
    'npm run bench takes no options. BENCH_ROUNDS (3) and BENCH_REQUESTS (100000) say how much is measured.',
  )
  process.exit(process.argv.slice(2).every((each) => /^(-h|--help)$/.test(each)) ? 0 : 2)
}

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3)
const COUNT = Number(process.env.BENCH_REQUESTS ?? 100_000)
const PAGE = '17841400000000001'
const here = import.meta.dirname
const scratch = mkdtempSync(join(tmpdir(), 'message-router-bench-'))
const canPin = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0

const settings = {
  HOST: '127.0.0.1',
  PORT: '0',
  META_APP_SECRETS: 'bench-secret',
  META_VERIFY_TOKEN: 'bench-verify',
  API_TOKENS: 'bench-token-0123456789',
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
const router = join(here, '../dist/main.js')
const hasRedis = spawnSync('redis-server', ['--version']).status === 0
const variants = [
  { name: 'floor', script: join(here, 'floor.mjs'), kind: 'messages' },
  { name: 'memory: customer messages', script: router, kind: 'messages' },
  { name: 'memory: human echoes', script: router, kind: 'echoes' },
  { name: 'memory: marks', script: router, kind: 'marks' },
  { name: 'sqlite: customer messages', script: router, kind: 'messages', usesFile: true },
  { name: 'sqlite: human echoes', script: router, kind: 'echoes', usesFile: true },
  { name: 'sqlite: marks', script: router, kind: 'marks', usesFile: true },
  ...(hasRedis
    ? [
        { name: 'redis: customer messages', script: router, kind: 'messages', usesRedis: true },
        { name: 'redis: human echoes', script: router, kind: 'echoes', usesRedis: true },
        { name: 'redis: marks', script: router, kind: 'marks', usesRedis: true },
      ]
    : []),
].filter(({ name }) => name === 'floor' || name.includes(process.env.BENCH_ONLY ?? ''))
if (!hasRedis) console.log('redis-server is not on the PATH: only the memory store is measured')

function pinned(core, command, args) {
  return canPin ? ['taskset', ['-c', String(core), command, ...args]] : [command, args]
}

async function startServer(script, more) {
  const log = join(scratch, 'server.log')
  writeFileSync(log, '')
  const [command, args] = pinned(0, process.execPath, [script])
  const server = spawn(command, args, {
    env: { PATH: process.env.PATH, ...settings, ...more },
    stdio: ['ignore', openSync(log, 'w'), 'inherit'],
  })
  for (let i = 0; i < 200; i++) {
    const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(log, 'utf8'))?.[1]
    if (port !== undefined) return { server, port: Number(port) }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${script} did not start:\n${readFileSync(log, 'utf8')}`)
}

/** Microseconds of processor time, or null where the system does not tell. */
function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  } catch {
    return null
  }
}

async function measure({ script, kind, usesRedis = false, usesFile = false }, round) {
  const redis = usesRedis ? await startRedis(...pinned(1, 'redis-server', []), scratch) : null
  const directory = usesFile ? mkdtempSync(join(scratch, 'data-')) : null
  const { server, port } = await startServer(script, {
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    ...(directory === null ? {} : { DATA_DIR: directory }),
  })
  const options = {
    kind,
    port,
    round,
    count: COUNT,
    warmup: Math.floor(COUNT * 0.4),
    connections: 32,
    conversations: 20_000,
    secret: settings.META_APP_SECRETS,
    token: settings.API_TOKENS,
    page: PAGE,
  }
  const load = fork(join(here, 'load.mjs'), [JSON.stringify(options)], { execArgv: [] })
  if (canPin) spawnSync('taskset', ['-a', '-p', '-c', '1', String(load.pid)])
  let cpuBefore = null
  const result = await new Promise((resolve, reject) => {
    load.on('message', (message) => {
      if (message.is === 'built') load.send('go')
      if (message.is === 'warm') {
        cpuBefore = cpuOf(server.pid)
        redis?.reset()
      }
      if (message.is === 'done')
        resolve({ ...message, cpu: cpuBefore === null ? null : (cpuOf(server.pid) - cpuBefore) / COUNT })
    })
    load.on('exit', (code) => reject(new Error(`the load generator ended with ${code}`)))
  })
  const [scripts] = (await redis?.calls()) ?? []
  const gone = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await gone
  await redis?.stop()
  if (directory !== null) rmSync(directory, { recursive: true })
  return {
    ...result,
    redisCalls: scripts === undefined ? null : scripts.calls / COUNT,
    redisMicros: scripts === undefined ? null : scripts.micros / COUNT,
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const runs = new Map(variants.map(({ name }) => [name, []]))
for (let round = 0; round < ROUNDS; round++) {
  for (const variant of variants) runs.get(variant.name).push(await measure(variant, round))
}
rmSync(scratch, { recursive: true })

const floor = runs.get('floor')
const rows = variants.map(({ name }) => {
  const own = runs.get(name)
  return {
    name,
    per_second: Math.round(median(own.map((run) => run.perSecond))),
    to_floor: Number(median(own.map((run, i) => run.perSecond / floor[i].perSecond)).toFixed(3)),
    cpu_us: own[0].cpu === null ? null : Number(median(own.map((run) => run.cpu)).toFixed(1)),
    cpu_to_floor: own[0].cpu === null ? null : Number(median(own.map((run, i) => floor[i].cpu / run.cpu)).toFixed(3)),
    redis_calls: own[0].redisCalls === null ? null : Number(median(own.map((run) => run.redisCalls)).toFixed(2)),
    redis_us: own[0].redisMicros === null ? null : Number(median(own.map((run) => run.redisMicros)).toFixed(1)),
    p50_ms: Number(median(own.map((run) => run.p50)).toFixed(2)),
    p99_ms: Number(median(own.map((run) => run.p99)).toFixed(2)),
  }
})
console.table(rows)
writeFileSync(
  join(here, 'results.json'),
  `${JSON.stringify({ node: process.version, rounds: ROUNDS, requests: COUNT, rows }, null, 2)}\n`,
)
