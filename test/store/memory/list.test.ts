import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import { listNumber } from '../../../src/engine/list-filter.js'
import type { ListPage } from '../../../src/engine/ports.js'
import { createActivityOrder } from '../../../src/store/memory/activity.js'
import { createConversations } from '../../../src/store/memory/conversations.js'
import { listPage } from '../../../src/store/memory/list.js'
import { createSeconds } from '../../../src/store/memory/seconds.js'
import { createTable, LIST, NOWHERE } from '../../../src/store/memory/table.js'
import { conversation, MINUTE, part, START } from '../../fixtures/conversation.js'
import { EVERYTHING, userOf } from '../../fixtures/store-contract/list-pages.js'
import { idOf } from '../../fixtures/store-contract.js'

const FIRST: ListPage = { ...EVERYTHING, limit: 3 }
const LETTER = { seq: 1, reason: 'refused', code: '100', at: START, parts: [part()] } as const
const DEAD = { outbox: { ...NO_OUTBOX, dead: [LETTER] } }
const PAUSED = { causes: [{ until: FOREVER, reason: 'api', at: START, seq: 0, note: null }] } as const

/** So many conversations, the newest with the highest number. */
function listOf(count: number, stateOf: (user: number) => Partial<Conversation> = () => ({})) {
  let time = START
  const table = createTable()
  const order = createActivityOrder(table)
  const all = createConversations({
    table,
    clock: createSeconds(() => time),
    sums: { openBytes: 0 },
    seed: 1,
    restsAfter: () => 60,
  })
  for (let user = 1; user <= count; user++) {
    const { slot, state } = all.add(conversation({ id: idOf(user), seq: 1, ...stateOf(user) }))
    table.set(slot, LIST, listNumber(state) ?? NOWHERE)
    order.toFront(slot)
  }
  return {
    async page(page: ListPage) {
      const { conversations, nextCursor } = await listPage({ order, table, all, now: () => START }, page)
      return { users: conversations.map(userOf), cursor: nextCursor }
    },
    say: (user: number) => order.toFront(all.find(idOf(user))),
    forget(user: number) {
      const slot = all.find(idOf(user))
      order.remove(slot)
      all.remove(slot)
    },
    isAtRest: (user: number) => all.isAtRest(all.find(idOf(user))),
    /** All go to rest. */
    rest() {
      time += MINUTE
      for (let i = 0; i < 1_000; i++) all.sweep()
    },
  }
}

t.test('the last page has no cursor, also where it is full', async (t) => {
  const { page } = listOf(6)
  const { users, cursor } = await page(FIRST)
  t.strictSame(users, [6, 5, 4])
  t.strictSame(await page({ ...FIRST, cursor }), { users: [3, 2, 1], cursor: null })
  t.strictSame(await listOf(0).page(FIRST), { users: [], cursor: null })
})

t.test('a page begins at its place even when the conversation there has moved or gone', async (t) => {
  const list = listOf(9)
  const { cursor } = await list.page(FIRST)
  t.strictSame((await list.page({ ...FIRST, cursor })).users, [6, 5, 4])
  list.say(6)
  t.strictSame((await list.page({ ...FIRST, cursor })).users, [5, 4, 3])
  list.forget(5)
  list.forget(6)
  t.strictSame((await list.page({ ...FIRST, cursor })).users, [4, 3, 2])
  for (const user of [1, 2, 3, 4]) list.say(user)
  t.strictSame(await list.page({ ...FIRST, cursor }), { users: [], cursor: null })
})

t.test('a filter leaves no page half full while there are more', async (t) => {
  const { page } = listOf(20, (user) => (user % 4 === 0 ? PAUSED : {}))
  const { users, cursor } = await page({ ...FIRST, bot: 'paused' })
  t.strictSame(users, [20, 16, 12])
  t.strictSame(await page({ ...FIRST, bot: 'paused', cursor }), { users: [8, 4], cursor: null })
  t.strictSame((await page({ ...FIRST, bot: 'on' })).users, [19, 18, 17])
})

t.test('a search for few among very many yields to other work, and finds them all', async (t) => {
  const { page, say, forget } = listOf(60_000, (user) => (user % 20_000 === 1 ? PAUSED : {}))
  let turns = 0
  let isDone = false
  const others = async () => {
    for (; !isDone; turns++) {
      // The conversations at which the search pauses move to the front, and later go.
      for (let user = 55_000; user > 0; user -= 5_000) {
        if (turns === 1) say(user)
        if (turns === 3) forget(user)
      }
      await nextTurn()
    }
  }
  const [found] = await Promise.all([
    page({ ...FIRST, bot: 'paused' }).finally(() => {
      isDone = true
    }),
    others(),
  ])
  t.strictSame(found, { users: [40_001, 20_001, 1], cursor: null })
  t.ok(turns >= 5, `${turns} turns for others`)
})

t.test('conversations without messages are not listed', async (t) => {
  const { page } = listOf(6, (user) => ({ seq: user % 2 }))
  t.strictSame(await page(FIRST), { users: [5, 3, 1], cursor: null })
  t.strictSame((await page({ ...FIRST, bot: 'on' })).users, [5, 3, 1])
})

t.test('conversations with dead letters are listed alone, paused or not', async (t) => {
  const { page } = listOf(20, (user) => ({
    ...(user % 4 === 0 ? DEAD : { outbox: { ...NO_OUTBOX, parts: LETTER.parts } }),
    ...(user % 8 === 0 ? PAUSED : {}),
  }))
  const { users, cursor } = await page({ ...FIRST, dead: true })
  t.strictSame(users, [20, 16, 12])
  t.strictSame(await page({ ...FIRST, dead: true, cursor }), { users: [8, 4], cursor: null })
})

t.test('those at rest are listed as the others are, with their last message, and stay at rest', async (t) => {
  const profile = { name: 'Zoë Anders', username: null, picture: null, at: START, isKnown: true }
  const { page, rest, isAtRest } = listOf(12, (user) => ({
    ...(user % 4 === 0 ? PAUSED : {}),
    ...(user === 5 ? { profile } : {}),
  }))
  const seen = async () => [
    await page(FIRST),
    await page({ ...FIRST, bot: 'paused' }),
    await page({ ...FIRST, page: '2' }),
    await page({ ...FIRST, q: 'anders' }),
  ]
  const awake = await seen()
  t.match(awake, [{ users: [12, 11, 10] }, { users: [12, 8, 4] }, { users: [] }, { users: [5] }])
  rest()
  t.strictSame(await seen(), awake)
  t.ok(isAtRest(5))
})
