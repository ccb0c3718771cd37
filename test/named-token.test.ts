import t from 'tap'
import { named } from '../src/named-token.js'

t.test('a token may have a name before it', async (t) => {
  t.same(named('ops:secret', 0), { name: 'ops', token: 'secret' })
  t.same(named('ops.team-1_a:with:colons', 0), { name: 'ops.team-1_a', token: 'with:colons' })
})

t.test('one without a valid name is called by its place', async (t) => {
  for (const text of ['secret', '1st:secret', 'ops:', ':secret', `${'n'.repeat(33)}:secret`]) {
    t.same(named(text, 1), { name: 'api-2', token: text })
  }
})
