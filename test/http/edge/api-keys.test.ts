import t from 'tap'
import { createApiKeys } from '../../../src/http/edge/api-keys.js'
import { nameOf } from '../../../src/http/edge/auth.js'

t.test('tokens are known by their names, and listeners hear of their replacement', async (t) => {
  const keys = createApiKeys(['one', 'two'])
  const heard: boolean[] = []
  keys.onReplaced(() => heard.push(keys.has(nameOf('one'))))
  t.ok(keys.has(nameOf('one')))
  t.notOk(keys.has('one'))
  keys.replace(['two'])
  t.same(heard, [false])
  t.ok(keys.has(nameOf('two')))
})
