import t from 'tap'
import { type Answer, type Call, type RunningApp, startApp } from '../../fixtures/app.js'
import { DIFY_TOKEN } from '../../fixtures/settings.js'
import { delivery, echoTo, newMid, PAGE } from '../../fixtures/webhooks.js'

const PATH = '/api/mark-bot-response'
let users = 0
/** A conversation that nothing is known of yet. */
const newId = (): string => {
  users += 1
  return `${PAGE}-${users}`
}
const post = (app: RunningApp, query: string, call: Call = {}): Promise<Answer> =>
  app.call(`${PATH}${query}`, { method: 'POST', ...call })
const flagsOf = async (app: RunningApp, id: string): Promise<number> =>
  (await app.call(`/api/conversations/${id}`)).json?.flags ?? 0
const linesOf = (app: RunningApp, id: string): readonly string[] =>
  app.log.filter((line) => line['conversation_id'] === id).map((line) => line.msg)

t.test('marks raise flags', async (t) => {
  const app = await startApp(t)

  await t.test('a mark is set and says so, here and in the log', async (t) => {
    const id = newId()
    const answer = await post(app, `?conversation_id=${id}`)
    t.equal(answer.status, 200)
    t.same(answer.json, { status: 'success', conversation_id: id, message: 'Bot flag set', flag: 'set', proceed: true })
    t.match(answer.text, '"proceed":true', 'without blanks: workflows look for it in the text')
    t.equal(await flagsOf(app, id), 1)
    t.same(linesOf(app, id), [`🤖 Bot flag SET for conversation: ${id}`])
  })

  await t.test('a body is accepted under any Content-Type', async (t) => {
    const bodies: readonly (readonly [string | undefined, string | undefined])[] = [
      [undefined, undefined],
      ['application/json', undefined],
      ['application/json', ''],
      ['application/json', '{'],
      ['application/json', '{"other":1}'],
      ['application/json', '[1]'],
      ['application/json', 'null'],
      ['application/json', '"text"'],
      ['application/x-www-form-urlencoded', 'a=b&c'],
      ['multipart/form-data; boundary=x', '--x--'],
      ['multipart/form-data', 'no form at all'],
      ['text/plain', 'hello'],
      ['text/xml', '<a/>'],
      [';;;', 'hello'],
      ['', 'hello'],
      ['application/json; charset=nonsense', '{}'],
      ['application/octet-stream', '\0\xff'],
    ]
    for (const [type, body] of bodies) {
      const id = newId()
      const answer = await post(app, `?conversation_id=${id}`, {
        ...(body === undefined ? {} : { body }),
        headers: type === undefined ? {} : { 'content-type': type },
      })
      t.match(answer, { status: 200, json: { proceed: true } }, `${type}: ${body}`)
      t.equal(await flagsOf(app, id), 1)
    }
  })

  await t.test('the id may come in the body, of any kind and under any name for it', async (t) => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x/y', ';;;']) {
      for (const bodyFor of [
        (id: string) => JSON.stringify({ conversation_id: id, count: 2 }),
        (id: string) => `conversation_id=${id}&count=2`,
        (id: string) =>
          `${[['conversation_id', id] as const, ['count', '2'] as const]
            .map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
            .join('')}--b--\r\n`,
      ]) {
        const id = newId()
        const answer = await post(app, '', { body: bodyFor(id), headers: { 'content-type': type } })
        t.match(answer, { status: 200, json: { conversation_id: id } }, `${type}: ${bodyFor(id).slice(0, 20)}`)
        t.equal(await flagsOf(app, id), 2)
      }
    }
  })

  await t.test('a query parameter takes precedence over the body', async (t) => {
    const id = newId()
    const body = { conversation_id: newId(), count: 3, ttl: 'x' }
    t.match(await post(app, `?conversation_id=${id}&ttl=1m`, { body }), { status: 200, json: { conversation_id: id } })
    t.equal(await flagsOf(app, id), 3)
  })

  await t.test('an invalid id is refused, an unfilled template above all', async (t) => {
    for (const id of [
      'start.conversation_id',
      '{{#start.conversation_id#}}',
      '',
      '1',
      '-2',
      '1-',
      '1-2-3',
      `${PAGE}-2 `,
      `${PAGE}-x`,
      `${PAGE}-${'9'.repeat(33)}`,
      `${PAGE}-٢`,
      'null',
      '../../health',
    ]) {
      const answer = await post(app, `?conversation_id=${encodeURIComponent(id)}`)
      t.match(answer, { status: 400, json: { status: 'error', code: 'invalid_conversation_id' } }, id)
    }
    for (const body of ['', '{}', '{"conversation_id":null}', '{"conversation_id":12}', '{"conversation_id":{}}']) {
      t.match(await post(app, '', { body }), { status: 400, json: { code: 'invalid_conversation_id' } }, body)
    }
    t.match(await post(app, '?conversation_id=999-2'), { status: 404, json: { code: 'unknown_channel' } })
  })

  await t.test('an invalid number, duration or boolean is refused', async (t) => {
    const id = newId()
    for (const parameter of [
      'count=-1',
      'count=21',
      'count=1.5',
      'count=1e1',
      'count=0x1',
      'count=many',
      'ttl=0',
      'ttl=5',
      'ttl=soon',
      'ttl=forever',
      'ttl=25h',
      'ttl=-5m',
      'only_if_on=1',
      'only_if_on=yes',
      `text=${'x'.repeat(10_001)}${'y'.repeat(10_000)}`,
    ]) {
      const answer = await post(app, '', { body: `conversation_id=${id}&${parameter}` })
      t.match(answer, { status: 400, json: { code: 'invalid_request' } }, parameter.slice(0, 30))
      t.match(answer.json.message, parameter.split('=')[0], 'and it says which')
    }
    t.equal((await app.call(`/api/conversations/${id}`)).status, 404, 'nothing was done')
  })

  await t.test('a text with quotes that was pasted into JSON is said to be no JSON', async (t) => {
    const answer = await post(app, '', { body: `{"conversation_id":"${newId()}","text":"he said "hi""}` })
    t.match(answer, { status: 400, json: { code: 'invalid_request', message: 'The body is not JSON.' } })
  })

  await t.test('a valid number or duration, or an empty one, is accepted', async (t) => {
    for (const parameter of [
      'count=20',
      'count=',
      'ttl=',
      'only_if_on=',
      'only_if_on=False',
      'count=01',
      'ttl=24h',
      'ttl=500ms',
      'text=',
      'only_if_on=false',
      'only_if_on=true',
    ]) {
      t.match(await post(app, `?conversation_id=${newId()}&${parameter}`), { status: 200 }, parameter)
    }
    const id = newId()
    const long = JSON.stringify({ conversation_id: id, text: 'س'.repeat(20_000) }).replace(/س/g, '\\u0633')
    t.match(await post(app, '', { body: long }), { status: 200 }, 'the longest text, escaped')
    t.match(await post(app, `?conversation_id=${id}`, { body: 'x'.repeat(300_000) }), {
      status: 413,
      json: { code: 'payload_too_large' },
    })
  })

  await t.test('a count of zero withdraws all flags', async (t) => {
    const id = newId()
    await post(app, `?conversation_id=${id}&count=3`)
    await post(app, `?conversation_id=${id}&count=2`)
    t.equal(await flagsOf(app, id), 5)
    t.match(await post(app, `?conversation_id=${id}&count=0`), {
      json: { message: 'Bot flags withdrawn', flag: 'withdrawn', proceed: true },
    })
    t.equal(await flagsOf(app, id), 0)
    t.same(linesOf(app, id).slice(2), [
      ...Array(5).fill(`🗑️ Bot flag CLEARED for conversation: ${id}`),
      'mark withdrew all flags',
    ])
  })

  await t.test('a retry sets no second flag', async (t) => {
    const id = newId()
    for (let i = 0; i < 4; i++)
      t.match(await post(app, `?conversation_id=${id}`), {
        json: { message: 'Bot flag set', flag: i === 0 ? 'set' : 'retry' },
      })
    t.equal(await flagsOf(app, id), 1)
    t.same(
      linesOf(app, id).slice(1),
      Array(3).fill('mark raised no flag: it was made a moment ago, or under the same key'),
    )
    await post(app, `?conversation_id=${id}&text=other`)
    t.equal(await flagsOf(app, id), 2, 'with other parameters it is another mark')
  })

  await t.test('ten concurrent retries of a mark raise one flag', async (t) => {
    const id = newId()
    await Promise.all(Array.from({ length: 10 }, () => post(app, `?conversation_id=${id}`)))
    t.equal(await flagsOf(app, id), 1)
  })

  await t.test('with Idempotency-Keys only the keys tell retries', async (t) => {
    const id = newId()
    const withKey = (key: string) => post(app, `?conversation_id=${id}`, { headers: { 'idempotency-key': key } })
    await withKey('run-1')
    await withKey('run-1')
    t.equal(await flagsOf(app, id), 1)
    await withKey('run-2')
    t.equal(await flagsOf(app, id), 2)
    await post(app, `?conversation_id=${id}`)
    t.equal(await flagsOf(app, id), 3)
    for (const key of ['{{#sys.workflow_run_id#}}', '{{run}}', 'run#}', 'two words', 'ü', 'x'.repeat(256)]) {
      t.match(await withKey(key), { status: 400, json: { code: 'invalid_request' } }, key.slice(0, 20))
    }
    t.equal(await flagsOf(app, id), 3)
    const other = newId()
    const withEmptyKey = () => post(app, `?conversation_id=${other}`, { headers: { 'idempotency-key': '' } })
    for (const _ of [1, 2]) t.match(await withEmptyKey(), { status: 200 }, 'an empty one is none')
    t.equal(await flagsOf(app, other), 1, 'the same again within a second is a retry')
  })

  await t.test('a flag for a text is for that text alone', async (t) => {
    const id = newId()
    const user = id.slice(PAGE.length + 1)
    const evidenceOf = async (text: string) => {
      const { json } = await app.deliver(delivery([echoTo(user, { mid: newMid(), text })]))
      return json.results[0].evidence
    }
    await post(app, '', { body: { conversation_id: id, text: 'The  price is 5' } })
    t.equal(await evidenceOf('I am here myself'), 'none')
    t.equal(await evidenceOf('The price is 5 '), 'flag')
  })

  await t.test('a conversation is limited to sixty marks a minute', async (t) => {
    const id = newId()
    const statuses = new Map<number, number>()
    let last: Answer | null = null
    for (let i = 0; i < 62; i++) {
      last = await post(app, `?conversation_id=${id}`)
      statuses.set(last.status, (statuses.get(last.status) ?? 0) + 1)
    }
    t.same(
      [...statuses],
      [
        [200, 60],
        [429, 2],
      ],
    )
    t.match(last, {
      json: { status: 'error', code: 'rate_limited' },
      headers: { 'retry-after': /^([1-9]|[1-5]\d|60)$/ },
    })
    t.match(await post(app, `?conversation_id=${newId()}`), { status: 200 }, 'another has its own')
  })

  await t.test('another method is answered with the one to use', async (t) => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const) {
      for (const headers of [{}, { 'content-type': 'application/json' }, { 'content-type': 'text/xml' }] as const) {
        const answer = await app.call(`${PATH}?conversation_id=${newId()}`, { method, headers })
        t.equal(answer.status, 405, method)
        t.equal(answer.headers['allow'], 'POST')
        if (method !== 'HEAD') t.equal(answer.json.code, 'method_not_allowed')
      }
    }
  })

  await t.test('a token is needed, and that of Dify is enough', async (t) => {
    const id = newId()
    t.match(await post(app, `?conversation_id=${id}`, { token: null }), { status: 401, json: { code: 'unauthorized' } })
    t.match(await post(app, `?conversation_id=${id}`, { token: 'wrong' }), { status: 401 })
    t.match(await post(app, `?conversation_id=${id}`, { token: DIFY_TOKEN }), { status: 200 })
  })
})

t.test('a workflow is told not to proceed where the bot may not speak', async (t) => {
  const app = await startApp(t, {}, [
    { id: '1', platform: 'instagram' },
    { id: '2', platform: 'instagram', bot: { mode: 'off' } },
    { id: '3', platform: 'instagram', bot: { mode: 'test', testers: ['7'] } },
  ])
  const mark = async (id: string, more = '') => (await post(app, `?conversation_id=${id}${more}`)).json
  await app.call('/api/conversations/1-7/bot', { method: 'PUT', body: { enabled: false } })
  await app.call('/api/conversations/1-8/state', { method: 'PUT', body: { state: 'closed' } })

  for (const id of ['1-7', '1-8', '2-7', '3-8']) {
    t.match(await mark(id, '&only_if_on=true'), { message: 'Bot flag not set', proceed: false }, id)
    t.equal(await flagsOf(app, id), 0)
    t.match(await mark(id), { message: 'Bot flag set', proceed: false }, 'who does not ask will answer anyway')
    t.equal(await flagsOf(app, id), 1)
  }
  for (const id of ['1-9', '3-7'])
    t.match(await mark(id, '&only_if_on=true'), { message: 'Bot flag set', proceed: true }, id)
  await app.call('/api/conversations/1-7/bot', { method: 'PUT', body: { enabled: true } })
  t.match(await mark('1-7', '&count=2'), { proceed: true })
})

t.test("a channel's own token marks on that channel alone", async (t) => {
  const app = await startApp(t, {}, [
    { id: '1', platform: 'instagram', difyTokens: ['token-of-channel-1'] },
    { id: '2', platform: 'instagram' },
  ])
  t.match(await post(app, '?conversation_id=1-7', { token: 'token-of-channel-1' }), { status: 200 })
  t.match(await post(app, '?conversation_id=2-7', { token: 'token-of-channel-1' }), {
    status: 403,
    json: { code: 'forbidden' },
  })
  t.equal(await flagsOf(app, '2-7'), 0)
})

t.test('with API_AUTH=none a mark needs no token', async (t) => {
  const app = await startApp(t, { API_AUTH: 'none', API_TOKENS: undefined, DIFY_TOKENS: undefined })
  const id = newId()
  t.match(await post(app, `?conversation_id=${id}`, { token: null }), { status: 200 })
  t.match(await post(app, `?conversation_id=${id}`, { token: 'whatever' }), { status: 200 })
  t.match(await app.call(`/api/conversations/${id}`, { token: null }), { status: 401 }, 'and for nothing else')
  t.match(await app.call(`/api/conversations/${id}`, { token: '' }), { status: 401 })
})

t.test('an anonymous caller raises no flag that lasts longer than FLAG_TTL', async (t) => {
  const app = await startApp(t, { API_AUTH: 'none' })
  const mark = (user: string, token: string | null) =>
    app.call(`/api/mark-bot-response?conversation_id=${PAGE}-${user}&ttl=24h`, { method: 'POST', token })
  await mark('1', null)
  await mark('2', DIFY_TOKEN)
  const lasting = app.log.filter(({ msg }) => msg.includes('Bot flag SET')).map((line) => line['ttl_ms'])
  t.same(lasting, [5 * 60_000, 24 * 3_600_000])
})
