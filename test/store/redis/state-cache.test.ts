import t from 'tap'
import { newConversation } from '../../../src/conversation/state/state.js'
import { createStateCache, storedState, UNSEEN } from '../../../src/store/redis/state-cache.js'
import { NO_TEXTS } from '../../../src/store/rows/message-texts.js'
import { encodeState } from '../../../src/store/rows/state-row.js'
import { idOf } from '../../fixtures/store-contract.js'

const VERSION = '12345678901234567890'
const STATE = newConversation(idOf(1), 5)
const VALUE = VERSION + encodeState(STATE)
const COMMITTED = { ...UNSEEN, state: STATE, version: VERSION }

t.test('a value has the version in front of the state', async (t) => {
  t.same(storedState(STATE.id, VALUE), { state: STATE, version: VERSION })
})

t.test('what was read or committed is found until it is forgotten', async (t) => {
  const cache = createStateCache()
  t.equal(cache.find(STATE.id), undefined)
  t.same(cache.heard(STATE.id, VALUE), {
    state: STATE,
    version: VERSION,
    texts: NO_TEXTS,
    dueAt: null,
    isDoubtful: false,
  })
  t.match(cache.find(STATE.id), { version: VERSION })
  cache.committed(STATE.id, cache.find(STATE.id)!, COMMITTED)
  t.equal(cache.find(STATE.id), COMMITTED)
  cache.doubt(STATE.id, COMMITTED)
  t.same(cache.find(STATE.id), { ...COMMITTED, isDoubtful: true })
  cache.claimed(STATE.id)
  t.same(cache.find(STATE.id), { ...COMMITTED, isDoubtful: true, dueAt: null }, 'its lease is in the due index')
  cache.forget(STATE.id)
  cache.claimed(STATE.id)
  t.equal(cache.find(STATE.id), undefined)
  t.match(cache.heard(STATE.id, null), { state: null, version: null })
})

t.test('the last conversation that was not cached says what to expect of the next', async (t) => {
  const cache = createStateCache()
  t.equal(cache.areOthersStored, false, 'at the start they are taken for new ones')
  cache.heard(idOf(1), VALUE)
  t.equal(cache.areOthersStored, true)
  cache.committed(idOf(1), cache.find(idOf(1))!, COMMITTED)
  t.equal(cache.areOthersStored, true, 'a cached one says nothing of others')
  cache.committed(idOf(2), UNSEEN, COMMITTED)
  t.equal(cache.areOthersStored, false)
  cache.heard(idOf(2), VALUE)
  t.equal(cache.areOthersStored, false)
  cache.heard(idOf(3), VALUE)
  cache.heard(idOf(4), null)
  t.equal(cache.areOthersStored, false)
})
