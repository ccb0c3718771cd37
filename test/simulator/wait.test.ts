import t from 'tap'
import { pause, untilAborted } from '../../src/simulator/wait.js'

t.test('a pause of no time is none, and a longer one ends', async (t) => {
  const { signal } = new AbortController()
  await t.resolves(pause(0, signal))
  await t.resolves(pause(2, signal))
})

t.test('a wait is ended by its signal', async (t) => {
  const life = new AbortController()
  const waiting = [pause(60_000, life.signal), untilAborted(life.signal)]
  life.abort()
  for (const one of waiting) await t.rejects(one, { name: 'AbortError' })
})

t.test('a wait after the end rejects at once', async (t) => {
  const signal = AbortSignal.abort()
  await t.rejects(pause(0, signal), { name: 'AbortError' })
  await t.rejects(untilAborted(signal), { name: 'AbortError' })
})
