import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { type ConversationId, conversationIdOf } from '../../../src/conversation/ids.js'
import { createReceive } from '../../../src/engine/receive.js'
import type { ApiParts } from '../../../src/http/api-parts.js'
import { deadLetters } from '../../../src/http/routes/dead-letters.js'
import { type Answer, startApp } from '../../fixtures/app.js'
import { channelWith } from '../../fixtures/channel.js'
import { ID, outgoing, send, sendResult } from '../../fixtures/conversation.js'
import { openMemory } from '../../fixtures/memory-store.js'
import { refuses, startMeta, takes } from '../../fixtures/meta.js'
import { DIFY_TOKEN } from '../../fixtures/settings.js'
import { until } from '../../fixtures/shop.js'
import { EVERYTHING } from '../../fixtures/store-contract/list-pages.js'
import { delivery, echoTo } from '../../fixtures/webhooks.js'

const PATH = '/api/dead-letters'
const UNKNOWN = { status: 404, json: { status: 'error', code: 'not_found' } }

async function open(t: Test) {
  const meta: { isRefusing: boolean; answer: (() => { status: number; body: object }) | null } = {
    isRefusing: true,
    answer: null,
  }
  let mids = 0
  const server = await startMeta(t, () => {
    mids += 1
    if (meta.answer !== null) return meta.answer()
    return meta.isRefusing ? refuses(551) : takes(`mid-${mids}`)
  })
  const app = await startApp(t, { SEND_RATE: '50', UNKNOWN_SEND_WAIT: '100ms' }, [
    { id: '1', platform: 'instagram', token: 'token-1', graphUrl: server.graphUrl },
  ])
  const letters = async (query = ''): Promise<Answer['json']> => (await app.call(`${PATH}${query}`)).json
  const lettersOf = async (id: string) =>
    (await letters('?limit=500')).dead_letters.filter(
      (each: { conversation_id: string }) => each.conversation_id === id,
    )
  const post = (id: string, text: string) =>
    app.call('/api/messages', { method: 'POST', body: { conversation_id: id, text } })
  const sent = (id: string) => server.sends.filter(({ body }) => `1-${body.recipient.id}` === id)
  return {
    app,
    meta,
    post,
    sent,
    letters,
    lettersOf,
    history: async (id: string) => (await app.call(`/api/conversations/${id}/messages`)).json.messages,
    /** A message that Meta refuses; returns the dead letter. */
    async lose(id: string, text = 'lost') {
      const before = (await lettersOf(id)).length
      await post(id, text)
      await until(async () => (await lettersOf(id)).length > before)
      return (await lettersOf(id))[0]
    },
    redrive: (id: string) => app.call(`${PATH}/${id}/redrive`, { method: 'POST' }),
    discard: (id: string) => app.call(`${PATH}/${id}`, { method: 'DELETE' }),
  }
}

t.test('dead letters are listed, redriven and discarded', async (t) => {
  const { app, meta, post, sent, letters, lettersOf, history, lose, redrive, discard } = await open(t)

  await t.test('the list of dead letters is empty at first', async (t) => {
    t.same(await letters(), { dead_letters: [], next_cursor: null })
  })

  await t.test('a message that Meta refuses is listed with its text and the reason', async (t) => {
    const id = '1-10'
    await lose(id, 'It costs 5')
    const [message] = await history(id)
    t.match(message, { status: 'failed', reason: 'refused', content: 'It costs 5' })
    t.same(await lettersOf(id), [
      {
        id: message.id,
        conversation_id: id,
        reason: 'refused',
        code: '551',
        at: (await lettersOf(id))[0].at,
        message,
        messages: [message],
      },
    ])
    t.ok(Math.abs(Date.parse((await lettersOf(id))[0].at) - Date.now()) < 10_000)
  })

  await t.test('the parts that were to follow are in the same letter, and cancelled', async (t) => {
    const id = '1-11'
    const letter = await lose(id, `${'one '.repeat(240)}\n\n${'two '.repeat(240)}`)
    t.match(letter.messages, [{ status: 'failed' }, { status: 'cancelled', reason: 'refused' }])
    t.equal(letter.messages.length, 2)
    t.equal(sent(id).length, 1)
  })

  await t.test('a redriven letter is sent', async (t) => {
    const id = '1-12'
    const letter = await lose(id)
    meta.isRefusing = false
    const answer = await redrive(letter.id)
    t.equal(answer.status, 202)
    t.same(answer.json, { status: 'queued', id: letter.id })
    await until(async () => (await history(id))[0].status === 'sent')
    meta.isRefusing = true
    t.equal(sent(id).length, 2)
    t.match(await history(id), [{ content: 'lost', reason: null, external_message_id: /^mid-/ }])
    t.equal((await history(id)).length, 1)
    t.same(await lettersOf(id), [])
    t.match(await redrive(letter.id), UNKNOWN, 'once')
    t.match(await discard(letter.id), UNKNOWN)
  })

  await t.test('a redrive does not ask whether the bot may speak', async (t) => {
    const id = '1-13'
    const letter = await lose(id)
    await app.call(`/api/conversations/${id}/bot`, { method: 'PUT', body: { enabled: false } })
    await app.call(`/api/conversations/${id}/state`, { method: 'PUT', body: { state: 'closed' } })
    meta.isRefusing = false
    t.equal((await redrive(letter.id)).status, 202)
    await until(async () => (await history(id))[0].status === 'sent')
    meta.isRefusing = true
  })

  await t.test('a redriven letter that is refused again keeps its id', async (t) => {
    const id = '1-14'
    const letter = await lose(id)
    await redrive(letter.id)
    await until(async () => sent(id).length === 2 && (await lettersOf(id)).length === 1)
    t.equal((await lettersOf(id))[0].id, letter.id)
  })

  await t.test('a discarded letter is gone and never sent', async (t) => {
    const id = '1-15'
    const letter = await lose(id)
    const answer = await discard(letter.id)
    t.equal(answer.status, 204)
    t.equal(answer.text, '')
    t.same(await lettersOf(id), [])
    t.match(await history(id), [{ status: 'failed', reason: 'refused' }])
    t.match(await discard(letter.id), UNKNOWN)
    t.match(await redrive(letter.id), UNKNOWN)
    t.equal(sent(id).length, 1)
  })

  await t.test('an echo that comes after all proves that it arrived', async (t) => {
    const id = '1-16'
    meta.answer = () => ({ status: 500, body: {} })
    const letter = await lose(id, 'arrived')
    meta.answer = null
    t.match(letter, { reason: 'unknown_outcome', message: { status: 'unknown' } })
    const echo = echoTo('16', { mid: 'late', text: 'arrived' }, { page: '1' })
    const { json } = await app.deliver(delivery([echo], { page: '1' }))
    t.match(json.results, [{ outcome: 'duplicate', reason: 'own_message', author: 'bot' }])
    t.same(await lettersOf(id), [])
    t.match(await history(id), [{ status: 'sent', reason: null, external_message_id: 'late' }])
    t.match(await redrive(letter.id), UNKNOWN)
  })

  await t.test('a conversation’s newest dead letter comes first', async (t) => {
    const id = '1-17'
    const first = await lose(id, 'one')
    const second = await lose(id, 'two')
    t.strictSame(
      (await lettersOf(id)).map((each: { id: string }) => each.id),
      [second.id, first.id],
    )
    await discard(second.id)
    t.strictSame(
      (await lettersOf(id)).map((each: { id: string }) => each.id),
      [first.id],
    )
  })

  await t.test('dead letters come in pages', async (t) => {
    const seen: string[] = []
    let cursor: string | null = ''
    let pages = 0
    while (cursor !== null) {
      const page: Answer['json'] = await letters(`?limit=2&cursor=${cursor}`)
      seen.push(...page.dead_letters.map((each: { id: string }) => each.id))
      cursor = page.next_cursor
      pages += 1
    }
    t.ok(pages > 1)
    t.strictSame(
      seen,
      (await letters()).dead_letters.map((each: { id: string }) => each.id),
    )
    t.match(await app.call(`${PATH}?limit=100000`), { status: 200 })
    t.match(await app.call(`${PATH}?limit=&cursor=`), { status: 200 })
    for (const query of ['limit=0', 'limit=x', 'limit=-1', 'cursor=nonsense']) {
      t.match(await app.call(`${PATH}?${query}`), { status: 400, json: { code: 'invalid_request' } }, query)
    }
  })

  await t.test('an id that is no dead letter is not found', async (t) => {
    await post('1-18', 'lost')
    await until(async () => (await lettersOf('1-18')).length === 1)
    const [{ id }] = await lettersOf('1-18')
    const [place, createdAt, seq] = [id.split('-').slice(0, 2).join('-'), id.split('-')[2], id.split('-')[3]]
    for (const letter of [
      'nonsense',
      place,
      `${place}-${createdAt}`,
      `${place}-${createdAt}-${Number(seq) + 1}`,
      // The conversation was erased since, and began anew.
      `${place}-zzzzzzzz-${seq}`,
      `1-999-${createdAt}-${seq}`,
      `999-18-${createdAt}-${seq}`,
      `${'1'.repeat(33)}-2-${createdAt}-${seq}`,
      encodeURIComponent('../conversations'),
    ]) {
      t.match(await redrive(letter), UNKNOWN, letter)
      t.match(await discard(letter), UNKNOWN, letter)
    }
    t.equal((await lettersOf('1-18')).length, 1)
  })

  await t.test('dead letters need an API token', async (t) => {
    const letter = await lose('1-19')
    for (const [token, status] of [
      [DIFY_TOKEN, 403],
      [null, 401],
    ] as const) {
      for (const [path, method] of [
        [PATH, 'GET'],
        [`${PATH}/${letter.id}/redrive`, 'POST'],
        [`${PATH}/${letter.id}`, 'DELETE'],
      ] as const) {
        t.equal((await app.call(path, { method, token })).status, status, path)
      }
    }
    t.match(await app.call(PATH, { method: 'POST' }), { status: 405, headers: { allow: 'GET' } })
    t.match(await app.call(`${PATH}/${letter.id}`), { status: 405, headers: { allow: 'DELETE' } })
    t.match(await app.call(`${PATH}/${letter.id}/redrive`), { status: 405, headers: { allow: 'POST' } })
    t.equal((await lettersOf('1-19')).length, 1)
  })

  t.notMatch(JSON.stringify(app.log), /It costs 5|"lost"/)
  t.match(
    app.log.filter(({ msg }) => msg.startsWith('dead letter: ')).map(({ msg }) => msg),
    ['dead letter: redrive', 'dead letter: redrive', 'dead letter: redrive', 'dead letter: discard'],
  )
})

t.test('a channel that was taken out of the settings takes its dead letters out of sight', async (t) => {
  const { store } = openMemory()
  const channel = channelWith()
  const receive = createReceive({ store, onCommit: () => {} })
  await receive(ID, channel, outgoing(), null)
  await receive(ID, channel, send(0), null)
  await receive(ID, channel, sendResult({ is: 'dead', reason: 'refused', code: '551' }), null)
  t.equal((await store.list({ ...EVERYTHING, dead: true })).conversations.length, 1)
  for (const [known, count] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const app = Fastify()
    t.teardown(() => app.close())
    const parts: Pick<ApiParts, 'store' | 'receive' | 'channelOf' | 'channelFor' | 'log'> = {
      store,
      receive,
      channelOf: (_id: ConversationId) => (known ? channel : undefined),
      channelFor: () => channel,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    }
    await app.register(deadLetters, parts as ApiParts)
    const { dead_letters } = (await app.inject(PATH)).json()
    t.equal(dead_letters.length, count)
  }
})

t.test('all of them, or those of a page, are redriven at once', async (t) => {
  const { app, meta, letters, lose, sent } = await open(t)
  const all = (body?: object | string) =>
    app.call(`${PATH}/redrive`, { method: 'POST', ...(body === undefined ? {} : { body }) })
  t.match(await all(), { status: 202, json: { redriven: 0, more: false } })
  for (const user of ['50', '51', '51', '52']) await lose(`1-${user}`, `lost ${user}`)
  for (const body of [{ page: 'x' }, { page: 1 }, { pages: '1' }, '[]', '{']) {
    t.match(await all(body), { status: 400, json: { code: 'invalid_request' } }, JSON.stringify(body))
  }
  t.match(await all({ page: '7' }), { status: 404, json: { code: 'unknown_channel' } })
  t.equal((await app.call(`${PATH}/redrive`, { method: 'POST', token: DIFY_TOKEN })).status, 403)
  t.equal((await app.call(`${PATH}/redrive`)).status, 405)
  t.equal((await letters()).dead_letters.length, 4)
  meta.isRefusing = false
  t.match(await all({ page: '1' }), { status: 202, json: { redriven: 4, more: false } })
  t.match(
    app.log.findLast(({ msg }) => msg === 'dead letters: all redriven'),
    { by: 'api-1', page: '1', redriven: 4 },
  )
  await until(() => ['1-50', '1-51', '1-52'].every((id) => sent(id).at(-1)?.body.message.text.startsWith('lost')))
  await until(async () => (await letters()).dead_letters.length === 0)
  t.match(await all({ page: '' }), { status: 202, json: { redriven: 0 } })
  t.match(await all({ page: null }), { status: 202, json: { redriven: 0 } })
})

t.test('more conversations than fit on a page are redriven, except those without a channel', async (t) => {
  const { store } = openMemory()
  const channel = channelWith()
  const receive = createReceive({ store, onCommit: () => {} })
  for (let user = 1; user <= 60; user++) {
    const id = conversationIdOf('1', String(user))
    await receive(id, channel, outgoing(), null)
    await receive(id, channel, send(0), null)
    await receive(id, channel, sendResult({ is: 'dead', reason: 'refused', code: '551' }), null)
  }
  const app = Fastify()
  t.teardown(() => app.close())
  const parts: Pick<ApiParts, 'store' | 'receive' | 'channelOf' | 'channelFor' | 'log'> = {
    store,
    receive,
    channelOf: (id: ConversationId) => (id === '1-7' ? undefined : channel),
    channelFor: () => channel,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  }
  app.decorateRequest('caller', { getter: () => ({ is: 'api', key: 'k', name: 'api-1' }) } as never)
  await app.register(deadLetters, parts as ApiParts)
  t.match((await app.inject({ method: 'POST', url: `${PATH}/redrive` })).json(), { redriven: 59, more: false })
})
