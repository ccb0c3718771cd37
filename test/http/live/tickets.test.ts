import t from 'tap'
import { nameOf } from '../../../src/http/edge/auth.js'
import { isTicket } from '../../../src/http/live/tickets.js'
import { startLive } from '../../fixtures/live.js'
import { API_TOKEN, DIFY_TOKEN } from '../../fixtures/settings.js'

t.test('any API token gets tickets, a new one each time', async (t) => {
  const { ticket, feed } = await startLive(t)
  const given = new Set<string>()
  for (let i = 0; i < 3; i++) {
    const answer = await ticket()
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['cache-control'], 'no-store')
    const body = answer.json()
    t.strictSame(Object.keys(body), ['ticket'])
    t.ok(isTicket(body.ticket))
    given.add(body.ticket)
  }
  t.strictSame(feed.tickets, new Map([...given].map((each) => [each, { key: nameOf(API_TOKEN), lifeMs: 30_000 }])))
})

t.test('without an API token there is no ticket', async (t) => {
  const { ticket, feed } = await startLive(t)
  t.equal((await ticket(DIFY_TOKEN)).statusCode, 403)
  t.equal((await ticket('wrong')).statusCode, 401)
  t.equal(feed.tickets.size, 0)
})

t.test('a text that cannot be a ticket is recognised', async (t) => {
  for (const text of ['', 'x', 'x'.repeat(42), 'x'.repeat(44), `${'x'.repeat(42)}%`, `${'x'.repeat(43)}\n`]) {
    t.notOk(isTicket(text), text)
  }
})
