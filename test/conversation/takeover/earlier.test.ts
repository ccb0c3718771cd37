import t from 'tap'
import { personSpokeEarlier } from '../../../src/conversation/takeover/earlier.js'
import {
  conversation,
  draftOf,
  given,
  HOUR,
  MINUTE,
  message,
  part,
  policy,
  run,
  START,
} from '../../fixtures/conversation.js'

const HUMAN = message({ seq: 5, at: START, type: 'support', text: 'It is 5.' })
const asking = (at: number) =>
  conversation({
    waiting: [message({ seq: 2, at: START - MINUTE })],
    asking: { ...conversation().asking, share: { message: message({ seq: 3, at }), until: START + 9 * HOUR } },
  })

t.test('the pause counts from when the person wrote', async (t) => {
  const draft = given(draftOf(asking(START + MINUTE)), { now: START + HOUR, policy: policy({ pauseMs: 2 * HOUR }) })
  personSpokeEarlier(draft, HUMAN)
  t.match(draft.state.causes, [{ at: START, until: START + 2 * HOUR, reason: 'human_echo', seq: 5 }])
  t.strictSame(draft.state.waiting, [], 'and drops what came after it as well')
})

t.test('after the pause only what is all older is dropped', async (t) => {
  for (const [at, left] of [
    [START, 0],
    [START + 1, 1],
  ] as const) {
    const draft = given(draftOf(asking(at)), { now: START + HOUR, policy: policy({ pauseMs: HOUR }) })
    personSpokeEarlier(draft, HUMAN)
    t.strictSame(draft.state.causes, [])
    t.equal(draft.state.waiting.length, left)
    t.equal(draft.state.asking.share === null, left === 0)
  }
})

t.test('who hands the conversation back has answered nothing', async (t) => {
  const rules = policy({ pauseMs: HOUR, resumeWords: ['🤖'] })
  const draft = given(draftOf(asking(START)), { now: START + HOUR, policy: rules })
  personSpokeEarlier(draft, message({ ...HUMAN, text: '🤖' }))
  t.equal(draft.state.waiting.length, 1)
})

t.test('a run and unsent parts count as asked and unanswered', async (t) => {
  const { asking: idle, outbox } = conversation()
  const busy = conversation({
    asking: { ...idle, run: run({ messages: [message({ at: START + 1 })] }) },
    outbox: { ...outbox, parts: [part()] },
  })
  const draft = given(draftOf(busy), { now: START + HOUR, policy: policy({ pauseMs: HOUR }) })
  personSpokeEarlier(draft, HUMAN)
  t.not(draft.state.asking.run, null)
  t.equal(draft.state.outbox.parts.length, 1)
})
