import t from 'tap'
import { type Assistant, FOREVER } from '../../src/conversation/channel.js'
import { NO_NAMES, NOT_ASKING } from '../../src/conversation/state/state.js'
import { createErase, erasedKey, erasedKeys } from '../../src/engine/erase.js'
import { createReceive } from '../../src/engine/receive.js'
import { createUnderWay } from '../../src/engine/under-way.js'
import { channelWith } from '../fixtures/channel.js'
import { conversation, ID, run } from '../fixtures/conversation.js'
import { openMemory } from '../fixtures/memory-store.js'
import { change } from '../fixtures/store-contract.js'

const DIFY: Assistant = { url: 'https://dify.example/v1', key: 'k', app: 'chat', replies: 'router', inputs: {} }

async function erased(asking: Partial<typeof NOT_ASKING>, assistant: Assistant | null = DIFY, isForgotten = true) {
  const { store } = openMemory()
  await store.commit(ID, null, change({ state: conversation({ seq: 1, asking: { ...NOT_ASKING, ...asking } }) }))
  const forgotten: string[] = []
  const compared: unknown[] = []
  const noted: unknown[] = []
  const underWay = createUnderWay()
  const warnings: object[] = []
  const note = (): void => {}
  const erase = createErase({
    store,
    receive: createReceive({ store, onCommit: note }),
    underWay,
    log: { debug: note, info: note, error: note, warn: (facts) => void warnings.push(facts) },
    ask: { compare: (state) => void compared.push(state.asking.run) },
    drain: { note: (state, dueAt) => void noted.push([state.outbox.parts.length, dueAt]) },
    assistant: {
      async forget(_assistant, user, named) {
        forgotten.push(`${user} ${named}`)
        return isForgotten
      },
    },
  })
  const forget = async () => {
    await erase(ID, { ...channelWith(), assistant })
    await underWay.idle()
  }
  await forget()
  const { known } = await store.loadFresh(ID, { key: erasedKey(store.now()), find: null })
  return { left: await store.read(ID), isMarked: known.isSeen, forgotten, compared, noted, warnings, again: forget }
}

t.test('erasing a conversation deletes everything and ends its call', async (t) => {
  const { left, compared, noted, isMarked } = await erased({ run: run() })
  t.equal(left, null)
  t.equal(isMarked, true, 'a backfill knows that it must not bring it back')
  t.same(compared, [null])
  t.same(noted, [[0, FOREVER]])
})

t.test('erasing a customer deletes the conversation at Dify', async (t) => {
  t.same((await erased({ assistantId: 'd-1' })).forgotten, [`${ID} d-1`])
  t.same((await erased({ run: run({ names: { ...NO_NAMES, conversationId: 'd-2' } }) })).forgotten, [`${ID} d-2`])
  t.same((await erased({})).forgotten, [`${ID} null`])
  t.same((await erased({ assistantId: 'd-1' }, null)).forgotten, [])
})

t.test('an erasure reaches Dify even when the store knows nothing of the customer', async (t) => {
  const { forgotten, again } = await erased({ assistantId: 'd-1' })
  await again()
  t.same(forgotten, [`${ID} d-1`, `${ID} null`])
})

t.test('an erasure that Dify did not complete is logged', async (t) => {
  t.same((await erased({})).warnings, [])
  t.same((await erased({}, DIFY, false)).warnings, [{ conversation_id: ID }])
})

t.test('the keys of a period are those of each day that it touches', async (t) => {
  const [hour, day] = [3_600_000, 24 * 3_600_000]
  const evening = 20_000 * day - hour
  t.same(erasedKeys(evening, evening), ['erased 19999'])
  t.same(erasedKeys(evening, evening + 2 * hour), ['erased 19999', 'erased 20000'])
  // A run that reads a day back, and goes on past midnight.
  t.same(erasedKeys(evening, evening + day + 2 * hour), ['erased 19999', 'erased 20000', 'erased 20001'])
})
