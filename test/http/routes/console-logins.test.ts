import t from 'tap'
import { startApp } from '../../fixtures/app.js'
import { API_TOKEN, DIFY_TOKEN } from '../../fixtures/settings.js'

t.test('a login is good once, and gives the token of who made it', async (t) => {
  const app = await startApp(t)
  const make = (token: string | null = API_TOKEN) => app.call('/api/console-logins', { method: 'POST', token })
  const use = (token: string | null) => app.call('/console/login', { method: 'POST', token })
  t.equal((await make(DIFY_TOKEN)).status, 403)
  t.equal((await make(null)).status, 401)

  const made = await make()
  t.match(made, { status: 200, json: { login: /^[\w-]{43}$/ }, headers: { 'cache-control': 'no-store' } })
  const answers = await Promise.all([1, 2, 3].map(() => use(made.json.login)))
  t.strictSame(answers.map(({ status }) => status).toSorted(), [200, 401, 401])
  t.match(
    answers.find(({ status }) => status === 200),
    { json: { token: API_TOKEN }, headers: { 'cache-control': 'no-store' } },
  )
  for (const login of [made.json.login, 'x'.repeat(43), 'wrong', API_TOKEN, null]) {
    t.match(await use(login), { status: 401, json: { code: 'unauthorized', message: /used already, or is older/ } })
  }
  const other = await make()
  t.not(other.json.login, made.json.login)
  t.equal((await app.call('/api/channels', { token: other.json.login })).status, 401, 'a login is no token')
  const log = JSON.stringify(app.log)
  t.notMatch(log, made.json.login)
  t.match(log, 'one-time login for the console made')
  t.match(log, 'one-time login for the console used')
})
