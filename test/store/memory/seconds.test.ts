import t from 'tap'
import { createEntry } from '../../../src/store/memory/entry.js'
import { createSeconds, isOver } from '../../../src/store/memory/seconds.js'
import { conversation, HOUR } from '../../fixtures/conversation.js'

t.test('times are whole seconds since the opening: a present one rounded down, an end rounded up', async (t) => {
  let time = 1_000_500
  const seconds = createSeconds(() => time)
  time += 1_999
  t.equal(seconds.now(), 1)
  t.equal(seconds.at(1_000_500 + 2_000), 2)
  t.equal(seconds.until(1_000_500 + 2_001), 3)
  t.equal(seconds.lasting(1), 1)
  t.equal(seconds.until(Infinity), 2 ** 31 - 1)
  t.equal(seconds.until(-Infinity), -(2 ** 31) + 1)
  t.equal(seconds.lasting(Infinity), 2 ** 31 - 1)
})

t.test('an entry is over when nothing keeps it and its life has passed', async (t) => {
  const entry = createEntry(conversation({ seq: 1 }))
  const week = (7 * 24 * HOUR) / 1000
  t.notOk(isOver(entry, week - 1))
  t.ok(isOver(entry, week))
  entry.keepUntil = week + 1
  t.notOk(isOver(entry, week))
  const silent = createEntry(conversation())
  t.ok(isOver(silent, HOUR / 1000))
})
