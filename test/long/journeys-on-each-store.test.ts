import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { inProject } from '../fixtures/project.js'
import { startRedis } from '../fixtures/redis-servers.js'

/** The journeys that name no store, all of them on each; `npm test` lets their routers take turns. */

const JOURNEYS = [
  'answers',
  'answers-fit',
  'attacks',
  'console',
  'console-access',
  'crowd',
  'delivery',
  'dify-trouble',
  'flag-first',
  'flag-router',
  'handover',
  'live',
  'log-words',
  'metrics',
  'notifications',
  'onslaught',
  'redaction',
  'reload',
  'shares',
  'start-and-stop',
  'time-limits',
  'traces',
  'tries',
]

const redis = await startRedis()
t.teardown(() => redis.stop())

for (const [name, JOURNEY_STORE] of [
  ['memory', 'memory'],
  ['a file', 'sqlite'],
  ['Redis', redis.url],
] as const) {
  for (const journey of JOURNEYS) {
    t.test(`the journey ${journey} holds on ${name}`, async (t) => {
      const program = inProject(`.tests/test/journeys/${journey}.test.js`)
      const { NODE_OPTIONS, ...env } = process.env
      const child = spawn(process.execPath, [program], { env: { ...env, JOURNEY_STORE, TAP: '1', TAP_TIMEOUT: '300' } })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)))
      const [code] = await once(child, 'close')
      t.equal(code, 0, code === 0 ? journey : output.slice(-5_000))
    })
  }
}
