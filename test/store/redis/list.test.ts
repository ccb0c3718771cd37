import t from 'tap'
import { type ConversationId, conversationIdOf } from '../../../src/conversation/ids.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import { listNumber } from '../../../src/engine/list-filter.js'
import { type ListPage, RouterError } from '../../../src/engine/ports.js'
import type { Commands } from '../../../src/store/redis/commands.js'
import { createKeys } from '../../../src/store/redis/keys.js'
import { listPage } from '../../../src/store/redis/list.js'
import { byPlace, type Place } from '../../../src/store/redis/places.js'
import { encodeMessage } from '../../../src/store/rows/message-row.js'
import { conversation, HOUR, message, part, START } from '../../fixtures/conversation.js'
import { EVERYTHING } from '../../fixtures/store-contract/list-pages.js'

const keys = createKeys('mr')
const LETTER = { seq: 1, reason: 'refused', code: '100', at: START, parts: [part()] } as const
const DEAD = { outbox: { ...NO_OUTBOX, dead: [LETTER] } }
const PAUSED = { causes: [{ until: START + HOUR, reason: 'api', at: START, seq: 0, note: null }] } as const
const MOST_ALIKE = 200
const MOST_WALKED = 1_000

/** Lists like those in Redis. */
function lists() {
  const states = new Map<ConversationId, Conversation>()
  const places = new Map<string, Place[]>()
  const terms = new Map<string, (readonly [term: string, id: ConversationId])[]>()
  const put: Place[] = []
  const asked: (readonly [count: number, beginning: string])[] = []
  let onList = (_key: string): void => {}
  let reads = 0
  const commands: Partial<Commands> = {
    async list([termsKey, dueKey, ...all], [highest, count, beginning, dueLists, dueBy, prefix]) {
      if (dueKey?.endsWith(':due') !== true || dueBy !== START) t.fail(`asked by ${dueKey} and ${dueBy}`)
      // Where only those that are due are wanted, none are: those are looked for in the store contract.
      const listKeys = all.slice(0, all.length - dueLists)
      for (const key of listKeys) onList(key)
      if (termsKey === keys.terms(0)) asked.push([count, beginning])
      const alike = (terms.get(termsKey!) ?? []).filter(([term]) => term.startsWith(beginning)).map(([, id]) => id)
      if (beginning !== '' && alike.length > MOST_ALIKE) return [0]
      const upTo = highest === '+inf' ? Number.POSITIVE_INFINITY : Number(highest)
      const below = sorted(listKeys).filter(({ at, id }) => at <= upTo && (beginning === '' || alike.includes(id)))
      const walked = below.slice(0, MOST_WALKED)
      const page = walked.filter(({ id }) => id.startsWith(prefix)).slice(0, count)
      const last = page.length === count ? page.at(-1)! : walked.at(-1)
      const isEnd = last === undefined || last === below.at(-1)
      const end = isEnd ? (['', ''] as const) : ([last.id, String(last.at)] as const)
      return [1, ...end, ...page.flatMap(({ id, at, list }) => [id, String(at), list])]
    },
    page: async ([history], args) => {
      t.strictSame(args, ['', '', 1, 0])
      const id = history.split(':').at(-1) as ConversationId
      return states.get(id)?.seq === 0 ? [''] : ['', encodeMessage(message({ text: id }))]
    },
  }
  const inOrder = new Map<string, readonly (Place & { readonly list: number })[]>()
  function sorted(listKeys: readonly string[]): readonly (Place & { readonly list: number })[] {
    const known = inOrder.get(listKeys.join())
    if (known !== undefined) return known
    const found = listKeys.flatMap((key, i) => (places.get(key) ?? []).map((place) => ({ ...place, list: i + 1 })))
    inOrder.set(listKeys.join(), found.sort(byPlace))
    return found
  }
  const parts = {
    commands: commands as Commands,
    keys,
    async look(id: ConversationId) {
      reads += 1
      const state = states.get(id)
      return state === undefined ? null : { state, version: 'v' }
    },
    putRight: async (place: Place) => void put.push(place),
    now: () => START,
  }

  function add(user: number, at: number, state: Partial<Conversation> | null = {}, list?: number): ConversationId {
    const id = conversationIdOf(`${(user % 2) + 1}`, `${user}`)
    const whole = conversation({ id, seq: 1, ...state })
    if (state !== null) states.set(id, whole)
    const partition = keys.partitionOf(id)
    const key = keys.list(partition, list ?? listNumber(whole)!)
    inOrder.clear()
    places.set(key, [...(places.get(key) ?? []), { id, at }])
    const termsKey = keys.terms(partition)
    terms.set(termsKey, [...(terms.get(termsKey) ?? []), [id, id], [`${user}`, id]])
    return id
  }

  const page = (of: Partial<ListPage>) => listPage(parts, { ...EVERYTHING, limit: 3, ...of })
  return {
    add,
    put,
    asked,
    page,
    reads: () => reads,
    watch: (watcher: (key: string) => void) => {
      onList = watcher
    },
    async pages(of: Partial<ListPage>): Promise<number[][]> {
      const all: number[][] = []
      for (let cursor: string | null = null, left = 500; left > 0; left--) {
        const { conversations, nextCursor } = await page({ ...of, cursor })
        all.push(conversations.map(({ state }) => Number(state.id.split('-')[1])))
        if (nextCursor === null) return all
        cursor = nextCursor
      }
      throw new Error('pages without end')
    },
  }
}

t.test('the newest of all partitions come first, page by page, each with its last message', async (t) => {
  const { add, page, pages } = lists()
  for (let user = 1; user <= 7; user++) add(user, user * 10)
  t.same(await pages({}), [[7, 6, 5], [4, 3, 2], [1]])
  t.same(await pages({ limit: 7 }), [[7, 6, 5, 4, 3, 2, 1]])
  t.same(await lists().pages({}), [[]])
  add(8, 80, { seq: 0, closedAt: 5 })
  const { conversations } = await page({ limit: 2 })
  t.match(
    conversations.map(({ lastMessage }) => lastMessage?.text ?? null),
    [null, '2-7'],
  )
})

t.test('conversations of the same place have a fixed order, and none is lost between two pages', async (t) => {
  const { add, pages } = lists()
  const users = Array.from({ length: 300 }, (_, i) => i + 1)
  for (const user of users) add(user, 5)
  for (const limit of [1, 7, 50, 300]) {
    const shown = (await pages({ limit })).flat()
    t.same(
      shown.toSorted((a, b) => a - b),
      users,
      `${limit} a page`,
    )
  }
})

t.test('an expired conversation is not shown, fills no page, and is removed from the list', async (t) => {
  const { add, page, put } = lists()
  for (let user = 1; user <= 30; user++) add(user, user, user % 3 === 0 ? {} : null)
  const first = await page({ limit: 4 })
  t.same(
    first.conversations.map(({ state }) => state.id),
    ['1-30', '2-27', '1-24', '2-21'],
  )
  t.ok(first.nextCursor)
  t.match(put.slice(0, 4), [{ id: '2-29', at: 29 }, { id: '1-28' }, { id: '1-26' }, { id: '2-25' }])
})

t.test('a conversation in two lists is shown once, and corrected', async (t) => {
  const { add, pages, put } = lists()
  for (let user = 1; user <= 4; user++) add(user, user)
  add(3, 2.5, {}, 1)
  t.same(await pages({ limit: 9 }), [[4, 3, 2, 1]])
  t.match(put, [{ id: '2-3', at: 2.5 }])
  t.same(await pages({ bot: 'paused', limit: 9 }), [[]], 'and not where it does not belong')
})

t.test('a filter looks into its own lists alone, and shows who passes by now', async (t) => {
  const { add, pages, watch } = lists()
  for (let user = 1; user <= 9; user++) add(user, user, user % 2 === 0 ? PAUSED : user === 1 ? DEAD : {})
  const ended = { causes: [{ ...PAUSED.causes[0], until: START }] }
  add(10, 10, ended)
  const seen = new Set<string>()
  watch((key) => seen.add(key.split(':').at(-1)!))
  t.same(await pages({ bot: 'paused' }), [[8, 6, 4], [2]])
  t.same([...seen], ['1', '3', '5', '7', '9', '11', '13', '15'])
  seen.clear()
  t.same(await pages({ bot: 'on', dead: false }), [[9, 7, 5], [3]])
  t.same([...seen], ['0', '2', '4', '6'])
  t.same(await pages({ dead: true, bot: 'on', state: 'open', waiting: false }), [[1]])
})

t.test('few matching conversations are read by their terms', async (t) => {
  const { add, pages, asked, reads } = lists()
  for (let user = 1; user <= 200; user++) add(user, user)
  t.same(await pages({ q: '19', limit: 50 }), [[199, 198, 197, 196, 195, 194, 193, 192, 191, 190, 19]])
  t.same(asked, [[10, '19']], 'of each partition its share and some more')
  t.equal(reads(), 11)
  t.same(await pages({ q: '1', page: '2', limit: 2 }).then((all) => all.flat().slice(0, 3)), [199, 197, 195])
  t.same((await pages({ page: '2', limit: 500 })).flat().length, 100)
  t.same(asked.at(-1), [24, '2-'])
  t.same(await pages({ q: '7', page: '1' }), [
    [78, 76, 74],
    [72, 70],
  ])
})

t.test('for very many matching conversations the lists are walked, in growing steps', async (t) => {
  const { add, page, pages, asked } = lists()
  // All of them in few partitions: each of those has more than are gathered.
  const users = Array.from({ length: 60_000 }, (_, i) => i + 1).filter((user) => {
    const partition = keys.partitionOf(conversationIdOf(`${(user % 2) + 1}`, `${user}`))
    return partition === 0
  })
  for (const [i, user] of users.entries()) add(user, i)
  const even = users.filter((user) => user % 2 === 0).toReversed()
  t.same((await pages({ page: '1', limit: 500 })).flat(), even)
  t.same(asked.slice(0, 3), [
    [24, '1-'],
    [24, ''],
    [40 + 20, ''],
  ])
  const rare = await page({ page: '1', limit: 1 })
  t.ok(rare.nextCursor)
})

t.test('a filter that hardly any pass ends the page before the reader loses patience', async (t) => {
  const { add, page, pages, asked } = lists()
  // Paused when they were listed, and not any more: nobody has taken them up.
  const ended = { causes: [{ ...PAUSED.causes[0], until: START }] }
  for (let user = 1; user <= 23_000; user++) add(user, user, user === 1 ? PAUSED : ended)
  const first = await page({ bot: 'paused', limit: 1 })
  t.same(first.conversations, [])
  t.ok(first.nextCursor)
  t.same(
    asked.slice(0, 4).map(([count]) => count),
    [10, 10 + 20, 10 + 20, 10 + 20],
  )
  t.same((await pages({ bot: 'paused', limit: 1 })).flat(), [1])
})

t.test('an unreachable part of the lists fails the whole page', async (t) => {
  const { add, page, watch } = lists()
  for (let user = 1; user <= 9; user++) add(user, user)
  watch((key) => {
    if (key === keys.list(3, 0)) throw new RouterError('store_unavailable', 'away')
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
