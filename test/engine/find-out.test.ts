import t from 'tap'
import { NO_NAMES } from '../../src/conversation/state/state.js'
import { createFindOut, type LostRun } from '../../src/engine/find-out.js'
import type { AskOutcome } from '../../src/engine/providers.js'
import { channelWith } from '../fixtures/channel.js'
import { ID } from '../fixtures/conversation.js'
import { createManualTimers, settled } from '../fixtures/manual-timers.js'
import { answer } from '../fixtures/said.js'

const LOST: AskOutcome = { is: 'unknown', code: 'timeout' }
const QUESTION = { id: ID, query: 'hi', files: [], inputs: {}, conversationId: null, traceparent: null } as const
const ASSISTANT = { url: 'https://dify.example', key: 'k', app: 'chat', replies: 'router', inputs: {} } as const

t.test('a lost run is looked up until it has an end or has had its time', async (t) => {
  const clock = { now: 0 }
  const timers = createManualTimers(() => clock.now)
  const stopped: unknown[] = []
  const lookUps: (AskOutcome | null)[] = []
  const findOut = createFindOut({
    assistant: {
      lookUp: async () => lookUps.shift()!,
      stop: async (_settings, _user, names) => void stopped.push(names),
    },
    store: { now: () => clock.now },
    timers,
  })
  const aborter = new AbortController()
  const lost: LostRun = {
    question: QUESTION,
    channel: { ...channelWith({ difyTimeoutMs: 5_000 }), assistant: ASSISTANT },
    startedAt: 0,
    signal: aborter.signal,
    names: () => NO_NAMES,
  }
  const found = async (...answers: (AskOutcome | null)[]): Promise<AskOutcome> => {
    lookUps.push(...answers)
    const outcome = findOut(lost, LOST)
    for (let i = 0; i < answers.length; i += 1) {
      await settled()
      clock.now += 2_000
      timers.run()
    }
    return outcome
  }
  t.same(await found(null), LOST, 'Dify does not know it')
  clock.now = 0
  const running: AskOutcome = { is: 'unknown', code: 'running' }
  t.same(await found(running, running, answer('Hi')), answer('Hi'))
  clock.now = 0
  t.same(await found(running, running, running, running), running, 'its time is over')
  lookUps.length = 0
  clock.now = 0
  t.equal(await findOut({ ...lost, channel: channelWith() }, LOST), LOST, 'taken out of the settings')
  aborter.abort()
  t.same(await found(running), { is: 'cancelled' })
  t.strictSame(stopped, [NO_NAMES])
})
