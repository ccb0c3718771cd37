import t from 'tap'
import { type ConversationId, conversationIdOf } from '../../../src/conversation/ids.js'
import { type Conversation, NO_OUTBOX } from '../../../src/conversation/state/state.js'
import { type ListPage, RouterError } from '../../../src/engine/ports.js'
import type { Commands } from '../../../src/store/redis/commands.js'
import { createKeys } from '../../../src/store/redis/keys.js'
import { listPage } from '../../../src/store/redis/list.js'
import { byPlace, type Place } from '../../../src/store/redis/places.js'
import { conversation, HOUR, part, START } from '../../fixtures/conversation.js'

const keys = createKeys('mr')
const LETTER = { seq: 1, reason: 'refused', code: '100', at: START, parts: [part()] } as const
const DEAD = { outbox: { ...NO_OUTBOX, dead: [LETTER] } }
const PAUSED = { causes: [{ until: START + HOUR, reason: 'api', at: START, seq: 0, note: null }] } as const

/** Lists like those in Redis. */
function lists() {
  const states = new Map<ConversationId, Conversation>()
  const places = new Map<string, Place[]>()
  const forgotten: string[] = []
  const asked: number[] = []
  let onNewest = (_key: string): void => {}
  const commands: Partial<Commands> = {
    async newest(key, highest, count) {
      onNewest(key)
      asked.push(count)
      const upTo = highest === '+inf' ? Number.POSITIVE_INFINITY : Number(highest)
      const found = (places.get(key) ?? []).filter(({ at }) => at <= upTo).sort(byPlace)
      return found.slice(0, count).flatMap(({ id, at }) => [id, String(at)])
    },
    async forget(lists, keyStart, ids) {
      forgotten.push(...ids)
      t.same(
        lists,
        ['activity', 'paused', 'dead'].map((name) => keyStart.replace('c:', name)),
      )
    },
  }
  const read = async (id: ConversationId) => states.get(id) ?? null
  const parts = { commands: commands as Commands, keys, read, now: () => START }

  function put(user: number, at: number, state: Partial<Conversation> | null = {}): ConversationId {
    const id = conversationIdOf('1', `${user}`)
    if (state !== null) states.set(id, conversation({ id, ...state }))
    const partition = keys.partitionOf(id)
    const into = [keys.activity(partition)]
    if (state?.causes !== undefined) into.push(keys.paused(partition))
    if (state?.outbox !== undefined) into.push(keys.withDeadLetters(partition))
    for (const key of into) places.set(key, [...(places.get(key) ?? []), { id, at }])
    return id
  }

  return {
    put,
    forgotten,
    asked,
    watch: (watcher: (key: string) => void) => {
      onNewest = watcher
    },
    page: (of: Partial<ListPage>) => listPage(parts, { only: null, limit: 3, cursor: null, ...of }),
    async pages(of: Partial<ListPage>): Promise<number[][]> {
      const all: number[][] = []
      for (let cursor: string | null = null, left = 500; left > 0; left--) {
        const { conversations, nextCursor } = await listPage(parts, { only: null, limit: 3, ...of, cursor })
        all.push(conversations.map(({ id }) => Number(id.split('-')[1])))
        if (nextCursor === null) return all
        cursor = nextCursor
      }
      throw new Error('pages without end')
    },
  }
}

t.test('the newest of all partitions come first, page by page', async (t) => {
  const { put, pages } = lists()
  for (let user = 1; user <= 7; user++) put(user, user * 10)
  t.same(await pages({}), [[7, 6, 5], [4, 3, 2], [1]])
  t.same(await pages({ limit: 7 }), [[7, 6, 5, 4, 3, 2, 1]])
  t.same(await lists().pages({}), [[]])
})

t.test('those of the same place come in one order, and none is left out between two pages', async (t) => {
  const { put, pages } = lists()
  const users = Array.from({ length: 300 }, (_, i) => i + 1)
  for (const user of users) put(user, 5)
  for (const limit of [1, 7, 50, 300]) {
    const shown = (await pages({ limit })).flat()
    t.same(
      shown.toSorted((a, b) => a - b),
      users,
      `${limit} a page`,
    )
  }
})

t.test('what ran out is not shown, fills no page, and is taken out of the lists', async (t) => {
  const { put, page, forgotten } = lists()
  for (let user = 1; user <= 30; user++) put(user, user, user % 3 === 0 ? {} : null)
  const first = await page({ limit: 4 })
  t.same(
    first.conversations.map(({ id }) => id),
    ['1-30', '1-27', '1-24', '1-21'],
  )
  t.ok(first.nextCursor)
  t.same(forgotten.slice(0, 4), ['1-29', '1-28', '1-26', '1-25'])
})

t.test('the paused are looked for among the paused, the others among all', async (t) => {
  const { put, pages, watch } = lists()
  for (let user = 1; user <= 9; user++) put(user, user, user % 2 === 0 ? PAUSED : {})
  const ended = { causes: [{ ...PAUSED.causes[0], until: START }] }
  put(10, 10, ended)
  const seen = new Set<string>()
  watch((key) => seen.add(key.split(':').at(-1)!))
  t.same(await pages({ only: 'paused' }), [[8, 6, 4], [2]])
  t.same([...seen], ['paused'])
  t.same(await pages({ only: 'on' }), [
    [10, 9, 7],
    [5, 3, 1],
  ])
  t.same([...seen], ['paused', 'activity'])
})

t.test('those with dead letters are looked for among themselves, and shown while they have some', async (t) => {
  const { put, pages, watch } = lists()
  for (let user = 1; user <= 9; user++) put(user, user, user % 2 === 0 ? DEAD : {})
  // Redriven since its place was read.
  put(10, 10, { outbox: NO_OUTBOX })
  const seen = new Set<string>()
  watch((key) => seen.add(key.split(':').at(-1)!))
  t.same(await pages({ only: 'dead' }), [[8, 6, 4], [2]])
  t.same([...seen], ['dead'])
  t.same(await pages({ only: 'on', limit: 50 }), [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]])
})

t.test('a filter that hardly any pass ends the page before the reader loses patience', async (t) => {
  const { put, page, pages } = lists()
  for (let user = 1; user <= 200; user++) put(user, user, user === 1 ? {} : PAUSED)
  const first = await page({ only: 'on', limit: 1 })
  t.same(first.conversations, [])
  t.ok(first.nextCursor)
  t.same((await pages({ only: 'on', limit: 1 })).flat(), [1])
})

t.test('where a part of the lists is out of reach, no list is better than one with holes', async (t) => {
  const { put, page, watch } = lists()
  for (let user = 1; user <= 9; user++) put(user, user)
  watch((key) => {
    if (key === keys.activity(3)) throw new RouterError('store_unavailable', 'away')
  })
  await t.rejects(page({}), { code: 'store_unavailable' })
})

t.test('a cursor that no page gave is refused', async (t) => {
  const { page } = lists()
  for (const cursor of ['', 'x', '1', '1.', '1.2', '1.2-', '-1.2-3', '1.2-3.', `${'9'.repeat(17)}.1-2`]) {
    await t.rejects(page({ cursor }), { code: 'invalid_request' }, cursor)
  }
  await t.rejects(page({ cursor: `1.${'9'.repeat(33)}-2` }), { code: 'invalid_request' })
  await t.resolves(page({ cursor: '1767225600000001.1-2' }))
})
