import t from 'tap'
import type { FeedPage } from '../../../src/engine/ports.js'
import { createReadPage, type LivePage, shared } from '../../../src/http/live/missed-entries.js'
import { A, B, pretendFeed } from '../../fixtures/feed.js'

const cursorsOf = ({ frames }: LivePage) => frames.map(({ cursor }) => Number(cursor))
const render = () => Buffer.from('x')
const START = '00000000'

t.test('one conversation’s backlog comes in pages, each starting where the last one ended', async (t) => {
  const feed = pretendFeed()
  for (let i = 0; i < 250; i++) {
    feed.say(A, `${i}`)
    feed.say(B, `${i}`)
  }
  const read = createReadPage(feed.store, render)
  const first = await read(A, START)
  t.equal(first.frames.length, 200)
  t.equal(first.next, '00000399')
  const second = await read(A, first.next!)
  t.equal(second.frames.length, 50)
  t.equal(second.next, null)
  t.strictSame(
    [...cursorsOf(first), ...cursorsOf(second)],
    Array.from({ length: 250 }, (_, i) => 2 * i + 1),
  )
})

t.test('a page of the whole feed that only repeats entries is read again with a larger limit', async (t) => {
  const feed = pretendFeed()
  for (let i = 0; i < 4_000; i++) feed.say(A, 'x')
  feed.overlap = 2_500
  const read = createReadPage(feed.store, render)
  const page = await read(null, '00002500')
  t.equal(feed.asked.reads, 3)
  t.equal(page.next, null)
  t.strictSame(
    cursorsOf(page).slice(-1_500),
    Array.from({ length: 1_500 }, (_, i) => 2_501 + i),
  )
})

t.test('entries that are not shown still move the cursor on', async (t) => {
  const feed = pretendFeed()
  for (let i = 0; i < 201; i++) feed.say(A, 'x')
  const page = await createReadPage(feed.store, () => null)(A, START)
  t.strictSame(page, { frames: [], isTooOld: false, next: '00000200' })
})

t.test('an empty page is the last one, and one that is too old says so', async (t) => {
  const empty: FeedPage = { entries: [], isTooOld: true, isCut: true }
  const page = await createReadPage({ readFeed: () => empty }, render)(A, START)
  t.strictSame(page, { frames: [], isTooOld: true, next: null })
})

t.test('concurrent reads of one page share the result, and no old page is reused', async (t) => {
  let reads = 0
  const read = shared(async (_id, after) => {
    reads += 1
    await null
    if (after === 'bad') throw new Error('out of reach')
    return { frames: [], isTooOld: false, next: `${reads}` }
  })
  const [one, two] = await Promise.all([read(A, START), read(A, START)])
  t.equal(one, two)
  t.equal(reads, 1)
  await Promise.all([read(A, START), read(B, START), read(null, START), read(A, '00000001')])
  t.equal(reads, 5)
  for (const result of await Promise.allSettled([read(A, 'bad'), read(A, 'bad')])) t.equal(result.status, 'rejected')
  t.equal(reads, 6)
  await t.rejects(read(A, 'bad'))
  t.equal(reads, 7)
})
