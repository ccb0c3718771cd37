import t from 'tap'
import { conversationIdOf } from '../../../src/conversation/ids.js'
import type { Commands } from '../../../src/store/redis/commands.js'
import { createKeys, PARTITIONS } from '../../../src/store/redis/keys.js'
import { createTidying } from '../../../src/store/redis/tidy.js'
import { HOUR, START } from '../../fixtures/conversation.js'

const WEEK = 7 * 24 * HOUR
const keys = createKeys('mr')

/** Activity lists like those in Redis, and what is to be looked after in them. */
function lists() {
  const members = new Map<string, Map<string, number>>()
  const looked: (readonly [partition: number, ids: readonly string[]])[] = []
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
    async forget(lists, keyStart, ids) {
      const partition = Number(/p(\d+)/.exec(keyStart)![1])
      t.equal(keyStart, keys.conversationsOf(partition))
      t.same(lists, [keys.activity(partition), keys.paused(partition), keys.withDeadLetters(partition)])
      looked.push([partition, ids])
    },
  }
  return {
    looked,
    trimmed,
    setAway: (away: boolean) => {
      isAway = away
    },
    tidy: createTidying({ commands: commands as Commands, keys, now: () => START, feedLifeMs: 24 * HOUR }),
    put(partition: number, user: number, at: number): void {
      const key = keys.activity(partition)
      members.set(key, (members.get(key) ?? new Map()).set(conversationIdOf('1', `${user}`), at * 1000))
    },
  }
}

t.test('those that were silent for a week are looked after, one partition at each call', async (t) => {
  const { looked, tidy, put } = lists()
  put(0, 1, START - WEEK)
  put(0, 2, START - WEEK + 1)
  put(2, 3, START - 2 * WEEK)
  await tidy()
  t.same(looked, [[0, ['1-1']]])
  await tidy()
  await tidy()
  t.same(looked.slice(1), [[2, ['1-3']]])
})

t.test('after the last partition comes the first again', async (t) => {
  const { looked, tidy, put } = lists()
  put(5, 1, 1)
  for (let i = 0; i < 2 * PARTITIONS; i++) await tidy()
  t.equal(looked.length, 2)
})

t.test('a long list is gone through in parts, past those that live for ever', async (t) => {
  const { looked, tidy, put } = lists()
  for (let user = 1; user <= 450; user++) put(0, user, user)
  put(1, 1, 1)
  for (let i = 0; i < 4; i++) await tidy()
  t.same(
    looked.map(([partition, ids]) => [partition, ids.length, ids[0]]),
    [
      [0, 200, '1-1'],
      [0, 200, '1-201'],
      [0, 50, '1-401'],
      [1, 1, '1-1'],
    ],
  )
})

t.test('a partition that cannot be reached is tried again', async (t) => {
  const { looked, tidy, put, setAway } = lists()
  put(0, 1, 1)
  setAway(true)
  await t.rejects(tidy())
  setAway(false)
  await tidy()
  t.same(looked, [[0, ['1-1']]])
})

t.test('what a feed held for a day goes, once for each partition and round', async (t) => {
  const { trimmed, tidy, put } = lists()
  for (let user = 1; user <= 250; user++) put(1, user, user)
  for (let i = 0; i < 4; i++) await tidy()
  t.same(
    trimmed,
    [0, 1, 2].map((partition) => [keys.feed(partition), START - 24 * HOUR, 48 * HOUR]),
  )
})
