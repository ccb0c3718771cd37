import { PassThrough } from 'node:stream'
import t from 'tap'
import type { Act, Step } from '../../src/demo/play.js'
import { type Demo, runDemo } from '../../src/demo/run.js'
import type { Stage } from '../../src/demo/stage.js'
import { pretendStage } from '../fixtures/demo.js'
import { startLive } from '../fixtures/live.js'
import { API_TOKEN } from '../fixtures/settings.js'
import { until } from '../fixtures/shop.js'

const person: Act = { who: 'person', text: 'hello', author: 'human', evidence: 'none', reason: null }
const step: Step = { title: 'A step', acts: [person], answer: '', question: null, bot: 'on' }

function start(of: Partial<Demo> & { readonly stage?: Partial<Stage> } = {}) {
  const stage = pretendStage(of.stage)
  const [input, output, stop] = [new PassThrough(), new PassThrough(), new AbortController()]
  let out = ''
  output.on('data', (chunk) => {
    out += chunk
  })
  const look = { isTerminal: false, isColoured: false, width: 110, paceMs: 0 }
  const base = { play: [step, step], isOnce: true, open: async () => stage, input, output, stop: stop.signal }
  return { code: runDemo({ ...look, ...base, ...of }), stage, input, stop, out: () => out }
}

t.test('a play in which all is right ends with 0, and leaves nothing open', async (t) => {
  const { code, stage, out } = start()
  t.equal(await code, 0)
  t.match(out(), /1 {2}A step[\s\S]*2 {2}A step[\s\S]*✓ All 2 steps came out right/)
  t.equal(stage.done.at(-1), 'close')
})

t.test('a play in which something is wrong ends with 1', async (t) => {
  const wrong = start({ play: [{ ...step, acts: [{ ...person, evidence: 'flag' }] }] })
  t.equal(await wrong.code, 1)
  t.match(
    wrong.out(),
    /✗ human · evidence none[\s\S]*must be:\s+human · evidence\s+flag[\s\S]*1 of the lines above are wrong/,
  )
  const failed = start({ stage: { bot: async () => Promise.reject(new Error('the router answered 503')) } })
  t.equal(await failed.code, 1)
  t.match(failed.out(), /✗ the router answered 503/)
})

t.test('a demo that cannot start says why', async (t) => {
  const { code, out } = start({ open: () => Promise.reject(new Error('no port')) })
  t.equal(await code, 1)
  t.equal(out(), 'The demo cannot start: no port\n')
})

t.test('a demo that is stopped during its scenes ends at once', async (t) => {
  const heard = () => new Promise<never>(() => {})
  for (const [isOnce, expected] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const { code, stop, stage } = start({ isOnce, stage: { heard } })
    stop.abort()
    t.equal(await code, expected)
    t.equal(stage.done.at(-1), 'close')
  }
  t.equal(await start({ stop: AbortSignal.abort(), stage: { heard } }).code, 1)
  const dead = start({ stage: { heard, ended: Promise.resolve() } })
  t.equal(await dead.code, 1)
  t.match(dead.out(), /The router has ended by itself/)
})

t.test('after its scenes the demo stays up, and names only what is there', async (t) => {
  const server = await startLive(t)
  const stage: Partial<Stage> = {
    origin: `http://127.0.0.1:${server.port}`,
    token: API_TOKEN,
    isServed: async (path) => path === '/health/ready',
    share: () => Promise.reject(new Error('the router answered 503')),
  }
  const { code, input, out } = start({ isOnce: false, stage })
  await until(() => /\/help/.test(out()))
  t.match(out(), '/console#login=code&phone=secret&open=1-2')
  t.match(out(), '/health/ready')
  t.notMatch(out(), /\/metrics/)
  t.match(out(), /Beyond the defaults this demo sets RESUME_WORDS=🤖 HANDOFF_WORDS=human HANDOFF_TEXT="A/)
  input.write('/share https://x.y\n')
  await until(() => /answered 503/.test(out()))
  input.write('/show\n')
  await until(() => /customer {2}hi/.test(out()))
  input.write('/quit\n')
  t.equal(await code, 0)
})
