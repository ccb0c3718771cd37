import t from 'tap'
import type { Assistant } from '../../src/conversation/channel.js'
import { createGiveFeedback } from '../../src/engine/feedback.js'
import { createReceive } from '../../src/engine/receive.js'
import { createUnderWay } from '../../src/engine/under-way.js'
import { channelWith } from '../fixtures/channel.js'
import { conversation, ID, message } from '../fixtures/conversation.js'
import { openMemory } from '../fixtures/memory-store.js'
import { change } from '../fixtures/store-contract.js'

const DIFY: Assistant = { url: 'https://dify.example/v1', key: 'k', app: 'chat', replies: 'router', inputs: {} }

async function opened(isTaken = true, assistant: Assistant | null = DIFY) {
  const { store } = openMemory()
  const records = [
    message({ seq: 1 }),
    message({ seq: 2, type: 'AI', status: 'sent', answerId: 'm-1' }),
    message({ seq: 3, type: 'support', status: 'sent' }),
  ]
  await store.commit(ID, null, change({ state: conversation({ seq: 3 }), records }))
  const told: unknown[] = []
  const warnings: object[] = []
  const note = (): void => {}
  const underWay = createUnderWay()
  const give = createGiveFeedback({
    receive: createReceive({ store, onCommit: note }),
    underWay,
    log: { debug: note, info: note, error: note, warn: (facts) => void warnings.push(facts) },
    assistant: {
      async rate(_assistant, user, answerId, feedback) {
        told.push([user, answerId, feedback?.rating ?? null, feedback?.comment ?? null])
        return isTaken
      },
    },
  })
  const rate = async (seq: number, rating: 'positive' | 'negative' | null, comment: string | null = null) => {
    const given = await give(ID, { ...channelWith(), assistant }, { seq, rating, comment })
    await underWay.idle()
    return given?.message ?? null
  }
  const kept = async (seq: number) =>
    (await store.loadFresh(ID, { key: null, find: { is: 'seq', seq } })).known.message?.outcome.feedback ?? null
  return { rate, told, warnings, kept }
}

t.test('feedback is kept on the message, replaced by the next one, and taken back', async (t) => {
  const { rate, told, kept, warnings } = await opened()
  t.match(await rate(2, 'negative', 'too late'), {
    seq: 2,
    outcome: { feedback: { rating: 'negative', comment: 'too late' } },
  })
  t.match(await kept(2), { rating: 'negative', comment: 'too late' })
  t.match(await rate(2, 'positive'), { outcome: { feedback: { rating: 'positive', comment: null } } })
  t.match(await rate(2, null), { outcome: { feedback: null } })
  t.equal(await kept(2), null)
  t.same(told, [
    [ID, 'm-1', 'negative', 'too late'],
    [ID, 'm-1', 'positive', null],
    [ID, 'm-1', null, null],
  ])
  t.same(warnings, [])
})

t.test('Dify is told only of what it made', async (t) => {
  const { rate, told, kept } = await opened()
  t.match(await rate(3, 'positive'), { outcome: { feedback: { rating: 'positive' } } })
  t.match(await kept(3), { rating: 'positive' })
  t.same(told, [])
  const alone = await opened(true, null)
  t.ok(await alone.rate(2, 'positive'))
  t.same(alone.told, [], 'nor where the channel has no assistant any more')
})

t.test('a customer’s message and one that is not there get none', async (t) => {
  const { rate, told, kept } = await opened()
  for (const seq of [1, 4, 0]) t.equal(await rate(seq, 'positive'), null)
  t.equal(await kept(1), null)
  t.same(told, [])
})

t.test('feedback that Dify refuses is logged and stored all the same', async (t) => {
  const { rate, warnings, kept } = await opened(false)
  t.ok(await rate(2, 'positive'))
  t.match(await kept(2), { rating: 'positive' })
  t.same(warnings, [{ conversation_id: ID, seq: 2 }])
})
