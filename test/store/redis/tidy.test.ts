import t from 'tap'
import { conversationIdOf } from '../../../src/conversation/ids.js'
import type { Commands } from '../../../src/store/redis/commands.js'
import { createKeys, PARTITIONS } from '../../../src/store/redis/keys.js'
import type { Place } from '../../../src/store/redis/places.js'
import { createTidying } from '../../../src/store/redis/tidy.js'
import { HOUR, START } from '../../fixtures/conversation.js'

const WEEK = 7 * 24 * HOUR
const keys = createKeys('mr')

/** Activity lists like those in Redis, and what is to be looked after in them. */
function lists() {
  const members = new Map<string, Map<string, number>>()
  const gone: Place[] = []
  const alive = new Set<string>()
  let isAway = false
  const trimmed: (readonly [key: string, before: number, lifeMs: number])[] = []
  const commands: Partial<Commands> = {
    async oldest(key, above, highest, count) {
      if (isAway) throw new Error('away')
      const all = [...(members.get(key) ?? [])].filter(([, at]) => at > above && at <= highest)
      return all
        .sort(([, a], [, b]) => a - b)
        .slice(0, count)
        .flatMap(([id, at]) => [id, String(at)])
    },
    async trimFeed(...args) {
      if (isAway) throw new Error('away')
      trimmed.push(args)
    },
    exists: async (key) => alive.has(key),
  }
  return {
    gone,
    alive,
    trimmed,
    setAway: (away: boolean) => {
      isAway = away
    },
    tidy: createTidying({
      commands: commands as Commands,
      keys,
      putRight: async (place) => void gone.push(place),
      now: () => START,
      feedLifeMs: 24 * HOUR,
    }),
    put(partition: number, user: number, at: number, list = 0): void {
      const key = keys.list(partition, list)
      members.set(key, (members.get(key) ?? new Map()).set(conversationIdOf('1', `${user}`), at * 1000))
    },
  }
}

const usersOf = (places: readonly Place[]) => places.map(({ id }) => Number(id.split('-')[1]))

t.test('conversations that expired after a week of silence leave all lists, one partition per call', async (t) => {
  const { gone, tidy, put } = lists()
  put(0, 1, START - WEEK)
  put(0, 2, START - WEEK + 1)
  put(0, 4, START - WEEK, 15)
  put(2, 3, START - 2 * WEEK, 7)
  await tidy()
  t.same(usersOf(gone), [1, 4])
  t.equal(gone[0]?.at, (START - WEEK) * 1000)
  await tidy()
  t.equal(gone.length, 2)
  await tidy()
  t.same(usersOf(gone), [1, 4, 3])
})

t.test('conversations that exist stay in their lists', async (t) => {
  const { gone, alive, tidy, put } = lists()
  for (const user of [1, 2, 3]) put(0, user, user)
  alive.add(keys.conversation(conversationIdOf('1', '2')))
  await tidy()
  t.same(usersOf(gone), [1, 3])
})

t.test('after the last partition the first one is tidied again', async (t) => {
  const { gone, tidy, put } = lists()
  put(5, 1, 1)
  for (let i = 0; i < 2 * PARTITIONS; i++) await tidy()
  t.equal(gone.length, 2)
})

t.test('a long list is gone through in parts, past those that live for ever', async (t) => {
  const { gone, tidy, put } = lists()
  for (let user = 1; user <= 450; user++) put(0, user, user)
  for (let user = 501; user <= 550; user++) put(0, user, user, 3)
  put(1, 1000, 1)
  const counts: number[] = []
  for (let i = 0; i < 4; i++) {
    await tidy()
    counts.push(gone.length)
  }
  t.same(counts, [200, 400, 500, 501])
  t.equal(new Set(usersOf(gone)).size, 501)
})

t.test('a partition that cannot be reached is tried again', async (t) => {
  const { gone, tidy, put, setAway } = lists()
  put(0, 1, 1)
  setAway(true)
  await t.rejects(tidy())
  setAway(false)
  await tidy()
  t.same(usersOf(gone), [1])
})

t.test('a call during a run waits for that run', async (t) => {
  const { gone, tidy, put } = lists()
  for (let user = 1; user <= 250; user++) put(0, user, user)
  await Promise.all([tidy(), tidy()])
  t.equal(gone.length, 200)
})

t.test('feed entries older than a day are trimmed, once per partition and round', async (t) => {
  const { trimmed, tidy, put } = lists()
  for (let user = 1; user <= 250; user++) put(1, user, user)
  for (let i = 0; i < 4; i++) await tidy()
  t.same(
    trimmed,
    [0, 1, 2].map((partition) => [keys.feed(partition), START - 24 * HOUR, 48 * HOUR]),
  )
})
