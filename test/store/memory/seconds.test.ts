import t from 'tap'
import { createSeconds, isOver } from '../../../src/store/memory/seconds.js'
import { createTable, KEEP_UNTIL, LIST } from '../../../src/store/memory/table.js'
import { HOUR } from '../../fixtures/conversation.js'

t.test('times are whole seconds since the opening: a present one rounded down, an end rounded up', async (t) => {
  let time = 1_000_500
  const seconds = createSeconds(() => time)
  time += 1_999
  t.equal(seconds.now(), 1)
  t.equal(seconds.at(1_000_500 + 2_000), 2)
  t.equal(seconds.timeOf(2), 1_000_500 + 2_000)
  t.equal(seconds.until(1_000_500 + 2_001), 3)
  t.equal(seconds.lasting(1), 1)
  t.equal(seconds.until(Infinity), 2 ** 31 - 1)
  t.equal(seconds.until(-Infinity), -(2 ** 31) + 1)
  t.equal(seconds.lasting(Infinity), 2 ** 31 - 1)
})

t.test('a conversation is over when nothing keeps it and its life has passed', async (t) => {
  const table = createTable()
  const [spoken, silent] = [table.take(), table.take()]
  table.set(spoken, LIST, 0)
  const week = (7 * 24 * HOUR) / 1000
  t.notOk(isOver(table, spoken, week - 1))
  t.ok(isOver(table, spoken, week))
  table.set(spoken, KEEP_UNTIL, week + 1)
  t.notOk(isOver(table, spoken, week))
  t.notOk(isOver(table, silent, HOUR / 1000 - 1))
  t.ok(isOver(table, silent, HOUR / 1000))
})
