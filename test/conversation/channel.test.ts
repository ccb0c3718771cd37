import t from 'tap'
import { FOREVER } from '../../src/conversation/channel.js'

t.test('FOREVER is the last time that a Date can hold', async (t) => {
  t.equal(new Date(FOREVER).getTime(), FOREVER)
  t.ok(Number.isNaN(new Date(FOREVER + 1).getTime()))
})
