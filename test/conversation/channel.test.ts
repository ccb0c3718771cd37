import t from 'tap'
import { FOREVER } from '../../src/conversation/channel.js'

t.test('for ever ends with the last moment that a date can hold', async (t) => {
  t.equal(new Date(FOREVER).getTime(), FOREVER)
  t.ok(Number.isNaN(new Date(FOREVER + 1).getTime()))
})
