import t from 'tap'
import { CAPS } from '../../../src/conversation/state/caps.js'
import { LISTS } from '../../../src/conversation/state/lifetimes.js'

t.test('every list has a cap, and lets a shared post in that comes with the last question', async (t) => {
  t.same(
    Object.keys(CAPS),
    LISTS.map(({ name }) => name),
  )
  for (const { name, cap } of LISTS) t.equal(cap, CAPS[name as keyof typeof CAPS] + (name === 'waiting' ? 1 : 0), name)
})
