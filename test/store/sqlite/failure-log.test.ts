import t from 'tap'
import { RouterError } from '../../../src/engine/ports.js'
import { createFailureLog } from '../../../src/store/sqlite/failure-log.js'

function opened() {
  const lines: string[] = []
  const note = (level: string) => (_facts: object, message: string) => void lines.push(`${level} ${message}`)
  const log = createFailureLog({ debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') })
  return { lines, ...log }
}

t.test('a failure is told once until it is over', async (t) => {
  const { lines, tell, over } = opened()
  over()
  tell(new RouterError('store_full', 'full'))
  tell(new RouterError('store_full', 'full', { cause: new Error('cause') }))
  tell(new RouterError('store_unavailable', 'gone', { cause: new Error('cause') }))
  over()
  over()
  tell(new RouterError('store_full', 'full'))
  t.same(lines, [
    'error the store fails: full',
    'error the store fails: gone',
    'info the store works again',
    'error the store fails: full',
  ])
})

t.test('damage that is found later is logged too', async (t) => {
  const { lines, checked } = opened()
  checked('x.db', null)
  t.same(lines, [])
  checked('x.db', 'a page is used twice')
  t.match(lines, [/^error the store fails: x\.db is damaged \(a page is used twice\)/])
})
