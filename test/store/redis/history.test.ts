import t from 'tap'
import type { Message } from '../../../src/conversation/state/message.js'
import { NO_NAMES, NOT_ASKING } from '../../../src/conversation/state/state.js'
import type { HistoryPage } from '../../../src/engine/ports.js'
import { findMessage, historyPage } from '../../../src/store/redis/history.js'
import { createKeys } from '../../../src/store/redis/keys.js'
import { VERSION_WIDTH } from '../../../src/store/redis/scripts.js'
import { decodeMessage, encodeMessage } from '../../../src/store/rows/message-row.js'
import { encodeState } from '../../../src/store/rows/state-row.js'
import { conversation, ID, message } from '../../fixtures/conversation.js'
import fc from '../../fixtures/property.js'
import { openScripts } from '../../fixtures/redis-scripts.js'

const { commands, redis } = await openScripts()
const keys = createKeys('mr')
const parts = { commands, keys }
const KEY = keys.history(ID)

/** Messages from `first` to `last`, each a millisecond after the one before. */
const some = (first: number, last: number): Message[] =>
  Array.from({ length: last - first + 1 }, (_, i) =>
    message({ seq: first + i, arrivedAt: 1000 + first + i, mid: `mid-${first + i}` }),
  )

async function store(messages: readonly Message[]): Promise<void> {
  await redis.del(KEY)
  if (messages.length > 0) await redis.rpush(KEY, ...messages.map(encodeMessage))
}

type Page = Omit<HistoryPage, 'historyTtlMs'>

/** As the port says it. */
function plainPage(messages: readonly Message[], { before, after, limit }: Page, since: number): readonly Message[] {
  const fitting = messages.filter(
    ({ seq, arrivedAt }) => arrivedAt >= since && (before === null || seq < before) && (after === null || seq > after),
  )
  return after === null ? fitting.slice(-limit) : fitting.slice(0, limit)
}

const seqsOf = (messages: readonly Message[]) => messages.map(({ seq }) => seq)

t.test('a page is what the plainest reading of its bounds says, whatever is gone at the beginning', async (t) => {
  const bound = fc.option(fc.nat(40), { nil: null })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.nat(15),
        fc.record({ before: bound, after: bound, limit: fc.integer({ min: 1, max: 30 }) }),
        fc.nat(45),
        async (first, count, page, since) => {
          const messages = some(first, first + count - 1)
          await store(messages)
          const found = await historyPage(parts, ID, page, 1000 + since)
          return String(seqsOf(found)) === String(seqsOf(plainPage(messages, page, 1000 + since)))
        },
      ),
      { numRuns: 400 },
    ),
  )
})

t.test('messages are read back unchanged', async (t) => {
  const messages = some(3, 7)
  await store(messages)
  t.strictSame(await historyPage(parts, ID, { before: null, after: null, limit: 9 }, 0), messages)
})

t.test('paging while new messages come loses and repeats none', async (t) => {
  await store(some(1, 50))
  let next = 51
  const seen: number[] = []
  for (let after = 0; seen.length < 300; after = seen.at(-1)!) {
    const reading = historyPage(parts, ID, { before: null, after, limit: 7 }, 0)
    const coming = redis.rpush(KEY, ...some(next, next + 5).map(encodeMessage))
    next += 6
    seen.push(...seqsOf(await reading))
    await coming
  }
  t.same(
    seen,
    seen.map((_, i) => i + 1),
  )
})

t.test('a page in the middle of a long history that lost its beginning', async (t) => {
  await store(some(5_001, 10_000))
  const page = async (of: Partial<Page>, since = 0) =>
    seqsOf(await historyPage(parts, ID, { before: null, after: null, limit: 3, ...of }, since))
  t.same(await page({}), [9_998, 9_999, 10_000])
  t.same(await page({ before: 7_000 }), [6_997, 6_998, 6_999])
  t.same(await page({ after: 7_000 }), [7_001, 7_002, 7_003])
  t.same(await page({ after: 0 }), [5_001, 5_002, 5_003])
  t.same(await page({ before: 5_003 }), [5_001, 5_002])
  t.same(await page({ after: 0 }, 1000 + 9_000), [9_000, 9_001, 9_002])
  t.same(await page({ before: 9_002 }, 1000 + 9_000), [9_000, 9_001])
  t.same(await page({}, 1000 + 10_001), [])
})

t.test('the newest message that fits is found, however far back', async (t) => {
  await store(some(1, 350))
  for (const seq of [1, 50, 51, 149, 150, 151, 250, 251, 349, 350]) {
    t.equal((await findMessage(parts, ID, ({ mid }) => mid === `mid-${seq}`))?.seq, seq)
  }
  const looked: number[] = []
  const look = ({ seq, mid }: Message): boolean => looked.push(seq) > 0 && mid === 'mid-15'
  t.equal((await findMessage(parts, ID, look, '"mid-15"'))?.seq, 15)
  t.strictSame(looked, [15], 'no other message is decoded')
  t.equal((await findMessage(parts, ID, ({ seq }) => seq % 7 === 0))?.seq, 350)
  t.equal(await findMessage(parts, ID, () => false), null)
  await store(some(1, 100))
  t.equal(await findMessage(parts, ID, () => false), null)
  await store([])
  t.equal(await findMessage(parts, ID, () => true), null)
})

t.test('the words of a message that waits, or is being asked, are read from the state', async (t) => {
  // As the script writes it.
  const wordless = ({ seq, arrivedAt }: Message) => `[${seq},${arrivedAt},"customer","text",null,null,"received"]`
  const [one, two, three, four] = some(1, 4).map((of): Message => ({ ...of, status: 'received' })) as [
    Message,
    Message,
    Message,
    Message,
  ]
  const run = { id: 'r', startedAt: 1, leaseUntil: 2, messages: [two], names: NO_NAMES }
  const state = conversation({ waiting: [three], asking: { ...NOT_ASKING, run } })
  await store([])
  await redis.rpush(KEY, encodeMessage(one), wordless(two), wordless(three), encodeMessage(four))
  await redis.set(keys.conversation(ID), 'v'.repeat(VERSION_WIDTH) + encodeState(state))
  const page = { before: null, after: null, limit: 9 }
  t.strictSame(await historyPage(parts, ID, page, 0), [one, two, three, four])
  t.strictSame(await historyPage(parts, ID, { ...page, after: 2, limit: 1 }, 0), [three])
  t.strictSame(await findMessage(parts, ID, ({ mid }) => mid === 'mid-2', '"mid-2"'), two)
  await redis.set(
    keys.conversation(ID),
    'v'.repeat(VERSION_WIDTH) + encodeState(conversation({ waiting: [two, three] })),
  )
  t.strictSame(await historyPage(parts, ID, page, 0), [one, two, three, four])
  await redis.del(keys.conversation(ID))
  const left = [one, decodeMessage(wordless(two)), decodeMessage(wordless(three)), four]
  t.strictSame(await historyPage(parts, ID, page, 0), left)
})
