// The benchmark: what the message router costs, beside servers that do the least. The ratios carry over from machine to
// machine, the numbers do not.
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { chart } from './chart.mjs'
import { machine } from './machine.mjs'
import { conversations } from './measure/conversations.mjs'
import { deliveries } from './measure/deliveries.mjs'
import { evenLoad } from './measure/even-load.mjs'
import { fanOut } from './measure/fan-out.mjs'
import { memory } from './measure/memory.mjs'
import { replicas } from './measure/replicas.mjs'
import { start } from './measure/start.mjs'
import { isOtherBuild, throughput } from './measure/throughput.mjs'
import { HELP, optionsOf } from './options.mjs'
import { canPin } from './processes.mjs'
import { createStage, hasRedis } from './stage.mjs'
import { table } from './table.mjs'

const options = optionsOf(process.argv.slice(2))
if (options.is === 'help') {
  console.error(HELP)
  process.exit(options.code)
}
const { isFull, only } = options
const against =
  options.against === null
    ? null
    : { router: resolve(options.against), stores: ['memory', ...(hasRedis ? ['redis'] : [])] }
const stores = ['memory', ...(hasRedis ? ['redis'] : [])]
const many = isFull ? [1_000_000] : []

if (!hasRedis) console.log('redis-server is not on the PATH: what needs Redis is not measured')
if (!canPin) console.log('taskset is missing or there is one core only: the processes share the cores as they come')

const rateOf = (rows, store) =>
  rows.find(({ server, requests }) => server === store && requests === 'messages').per_second.median

/** Messages until the compiler has optimised most of what a message needs; until then it works on the server's core too. */
const WARM = 30_000

/** In order: the even load takes half of the rate that the throughput measured. */
const measurements = [
  {
    name: 'throughput',
    title:
      'As fast as it goes: processor time per request, and how it compares with the floor’s (floor share) and Express’s',
    run: (stage) => throughput(stage, { rounds: isFull ? 30 : 7, count: 1_500, warmup: WARM / 2, against }),
  },
  {
    name: 'even-load',
    title: 'At half of that rate, evenly: the time from when a message was due to its answer',
    run: (stage, { throughput: rows }) =>
      evenLoad(stage, {
        rounds: isFull ? 9 : 5,
        seconds: 1.2,
        warmup: WARM,
        rates: Object.fromEntries(
          [...stores, ...(isFull ? ['sqlite'] : [])].map((store) => [store, rateOf(rows, store)]),
        ),
      }),
  },
  {
    name: 'deliveries',
    title: 'Deliveries of 100 items',
    run: (stage) => deliveries(stage, { rounds: isFull ? 20 : 6, count: 3_000, warmup: WARM }),
  },
  ...(hasRedis
    ? [
        {
          name: 'replicas',
          title: 'Replicas on one Redis',
          run: (stage) => replicas(stage, { rounds: isFull ? 20 : 6, count: 2_000, warmup: WARM / 2 }),
        },
      ]
    : []),
  {
    name: 'conversations',
    title: 'A message among few and among many conversations',
    run: (stage) =>
      conversations(stage, {
        stores,
        counts: [10, 10_000, ...many],
        rounds: isFull ? 20 : 6,
        count: 2_000,
        warmup: WARM / 2,
        // Long enough for a full collection, which comes a few times a minute.
        evenSeconds: isFull ? 30 : 2,
      }),
  },
  {
    name: 'memory',
    title: 'Bytes per conversation',
    run: (stage) =>
      memory(
        stage,
        isFull
          ? { flagged: 400_000, active: 100_000, counters: 100_000 }
          : { flagged: 10_000, active: 10_000, counters: 1 },
      ),
  },
  {
    name: 'start',
    title: 'The start',
    run: (stage) => start(stage, { rounds: isFull ? 9 : 3 }),
  },
  {
    name: 'fan-out',
    title: 'WebSocket clients that follow everything',
    run: (stage) => fanOut(stage, { clients: [1, 100, ...(isFull ? [2_000] : [])], seconds: isFull ? 10 : 2 }),
  },
]
const wanted = measurements.filter(
  ({ name }) => only.includes(name) || (name === 'throughput' && only.includes('even-load')),
)

const date = new Date().toISOString().slice(0, 10)
const results = { date, machine: machine(), load_before: loadavg()[0], isFull }
const stage = await createStage()
for (const { name, title, run } of wanted) {
  results[name] = await run(stage, results)
  console.log(`\n${title}\n${table(results[name])}`)
  // After each, since the whole takes minutes and may be cut short.
  writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
}
await stage.close()
const { cpu, cores, node } = results.machine
console.log(`\n${cpu}, ${cores} cores, Node ${node}, ${date}`)
if (results.throughput !== undefined) {
  const rows = results.throughput.filter(({ server }) => !isOtherBuild(server))
  const picture = chart({ rows, machine: results.machine, date, load: results.load_before })
  writeFileSync(join(import.meta.dirname, 'results.svg'), picture)
}
