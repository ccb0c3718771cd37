import t from 'tap'
import { memoryLimits } from '../../../src/store/memory/limits.js'

const GB = 1024 ** 3

t.test('a process with much memory holds a million conversations and no more', async (t) => {
  t.equal(memoryLimits(4 * GB).conversations, 1_000_000)
  t.equal(memoryLimits(64 * GB).conversations, 1_000_000)
})

t.test('a small one holds what fits', async (t) => {
  const { conversations, historyBytes, openBytes } = memoryLimits(GB / 4)
  t.ok(conversations > 50_000 && conversations < 200_000)
  t.ok(Number.isInteger(conversations) && Number.isInteger(historyBytes) && Number.isInteger(openBytes))
})

t.test('the limits leave some of the heap', async (t) => {
  for (const heap of [GB / 8, GB, 4 * GB]) {
    const { conversations, historyBytes, openBytes } = memoryLimits(heap)
    t.ok(conversations * 800 + historyBytes + openBytes < heap * 0.7)
  }
})

t.test('the cap of seen ids does not depend on the heap', async (t) => {
  t.equal(memoryLimits(GB / 4).seenIds, memoryLimits(4 * GB).seenIds)
})
