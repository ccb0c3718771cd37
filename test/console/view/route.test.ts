import t from 'tap'
import { addressOf, loginIn, routeOf } from '../../../src/console/view/route.js'

t.test('an address leads somewhere, and back', async (t) => {
  for (const hash of ['#/', '#/c/1-2', '#/dead-letters', '#/pages', '#/pulse']) {
    t.equal(addressOf(routeOf(hash)), hash)
  }
})

t.test('an address that is none leads to the list', async (t) => {
  for (const hash of ['', '#', '#/c', '#/c/1', '#/c/<b>', '#/nowhere', '#/c/1-2/3', '#javascript:alert(1)']) {
    t.same(routeOf(hash), { is: 'conversations', id: null }, hash)
  }
})

t.test('a login may come along', async (t) => {
  t.same(loginIn('#token=abc'), { by: 'token', secret: 'abc', phone: null, open: null })
  t.same(loginIn('#token=a%2Bb&phone=s&open=1-2'), { by: 'token', secret: 'a+b', phone: 's', open: '1-2' })
  t.same(loginIn('#login=c&open=1-2'), { by: 'login', secret: 'c', phone: null, open: '1-2' })
  for (const hash of ['', '#/', '#token=', '#login=', '#phone=s']) t.equal(loginIn(hash), null, hash)
})
