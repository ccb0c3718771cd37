import t from 'tap'
import { unreachable } from '../../../src/conversation/text/unreachable.js'

t.test('a value outside of a closed union is named in the failure', async (t) => {
  t.throws(() => unreachable({ is: 'surprise' } as never), { message: 'not a member of the union: {"is":"surprise"}' })
})
