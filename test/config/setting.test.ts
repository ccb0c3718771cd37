import t from 'tap'
import { text, whole } from '../../src/config/kinds.js'
import { setting, type ValueOf } from '../../src/config/setting.js'

t.test('a setting is its entry and its kind', async (t) => {
  t.same(setting(text, { meaning: 'a word', secret: true }), { kind: text, meaning: 'a word', secret: true })
})

t.test('only a setting with neither default nor `required` may have no value', async (t) => {
  const number = whole(0, 9)
  const table = {
    free: setting(number, { meaning: '' }),
    filled: setting(number, { default: '1', meaning: '' }),
    needed: setting(number, { required: true, meaning: '' }),
  }
  // The types say it, the values only bear witness: a wrong one would not compile.
  const free: ValueOf<typeof table.free> = null
  const values: (ValueOf<typeof table.filled> | ValueOf<typeof table.needed>)[] = [1, 2]
  t.same([free, ...values], [null, 1, 2])
})
