import t from 'tap'
import { createChannelNotes } from '../../../src/store/redis/channel-notes.js'
import { createManualTimers } from '../../fixtures/manual-timers.js'

const EVERY_MS = 500

function notes(write = async () => {}) {
  let now = 0
  const timers = createManualTimers(() => now)
  const written: unknown[] = []
  const created = createChannelNotes(
    (channelId, direction, at) => {
      written.push([channelId, direction, at])
      return write()
    },
    EVERY_MS,
    timers,
  )
  /** The interval passes. */
  function pass(): void {
    now += EVERY_MS
    timers.run()
  }
  return { ...created, written, pass }
}

t.test('the first is written at once, of what comes soon after it only the last', async (t) => {
  const { note, written, pass } = notes()
  for (const at of [1, 2, 3]) note('7', 'inbound', at)
  t.same(written, [['7', 'inbound', 1]])
  pass()
  t.same(written.slice(1), [['7', 'inbound', 3]])
  note('7', 'inbound', 4)
  t.equal(written.length, 2, 'the next while has begun')
  pass()
  t.same(written.slice(2), [['7', 'inbound', 4]])
})

t.test('after a quiet interval the next note is written at once', async (t) => {
  const { note, written, pass } = notes()
  note('7', 'echo', 1)
  pass()
  t.equal(written.length, 1)
  note('7', 'echo', 2)
  t.equal(written.length, 2)
})

t.test('successful sends are noted like inbound messages', async (t) => {
  const { note, written, pass } = notes()
  for (const at of [1, 2]) {
    note('7', 'inbound', at)
    note('7', 'sent', at)
  }
  pass()
  t.same(written, [
    ['7', 'inbound', 1],
    ['7', 'sent', 1],
    ['7', 'inbound', 2],
    ['7', 'sent', 2],
  ])
})

t.test('channels and directions do not wait for each other', async (t) => {
  const { note, written } = notes()
  note('7', 'inbound', 1)
  note('7', 'echo', 2)
  note('8', 'inbound', 3)
  t.same(written, [
    ['7', 'inbound', 1],
    ['7', 'echo', 2],
    ['8', 'inbound', 3],
  ])
})

t.test('a note that cannot be written is repeated by the next', async (t) => {
  const { note, written, pass } = notes(async () => Promise.reject(new Error('away')))
  note('7', 'inbound', 1)
  pass()
  note('7', 'inbound', 2)
  t.equal(written.length, 2)
})

t.test('nothing is written after closing', async (t) => {
  const { note, close, written, pass } = notes()
  note('7', 'inbound', 1)
  note('7', 'inbound', 2)
  close()
  pass()
  t.equal(written.length, 1)
})
