import t from 'tap'
import type { Answer } from '../fixtures/app.js'
import { type Router, startRouter } from '../fixtures/process.js'
import type { Changes } from '../fixtures/settings.js'
import { delivery, echoTo, fromCustomer, type Json, newMid, PAGE } from '../fixtures/webhooks.js'

const HOUR = 3_600_000
const PICTURE = [{ type: 'image', payload: { url: 'https://cdn.example/1.jpg' } }]

interface Row {
  readonly outcome: string
  readonly reason: string | null
  readonly author: string | null
  readonly evidence: string | null
}

/** One customer of one page, and what everybody does about them. */
function threadWith(router: Router, user: string, page = PAGE, object = 'instagram') {
  const id = `${page}-${user}`
  const take = async (item: Json): Promise<Row> => {
    const { status, json } = await router.deliver(delivery([item], { page, object }))
    if (status !== 200) throw new Error(`${status} for a delivery`)
    return json.results[0]
  }
  const post = (path: string, body: Json): Promise<Answer> =>
    router.call(path, { method: 'POST', body: { conversation_id: id, ...body } })
  return {
    id,
    echo: (message: Json = {}, at = Date.now()) =>
      take(
        echoTo(
          user,
          { mid: newMid(), ...('attachments' in message ? {} : { text: 'hello' }), ...message },
          { page, at },
        ),
      ),
    customer: (message: Json = {}, item: Json = {}) =>
      take(fromCustomer(user, { mid: newMid(), text: `hi ${newMid()}`, ...message }, { page, item })),
    item: (content: Json) => take({ sender: { id: user }, recipient: { id: page }, timestamp: Date.now(), ...content }),
    mark: (body: Json = {}) => post('/api/mark-bot-response', body),
    report: (body: Json) => post('/api/sent-messages', body),
    bot: async () => (await router.call(`/api/conversations/${id}`)).json.bot,
    flags: async () => (await router.call(`/api/conversations/${id}`)).json.flags,
    messages: async () => (await router.call(`/api/conversations/${id}/messages`)).json.messages,
    switchBot: (body: Json) => router.call(`/api/conversations/${id}/bot`, { method: 'PUT', body }),
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

t.test('the earlier system’s behaviour holds on Instagram', async (t) => {
  const settings: Changes = {
    DIFY_URL: 'http://127.0.0.1:9/v1',
    DIFY_KEY: 'key',
    REPLIES: 'dify',
    META_APP_IDS: '55',
    DEBOUNCE: '1h',
    DEBOUNCE_MAX: '1h',
  }
  const router = await startRouter(t, settings)
  let users = 0
  const thread = (user = `${++users}`) => threadWith(router, user)

  await t.test('the echo after a mark is the bot, the flag is gone and the bot stays on', async (t) => {
    const { id, mark, echo, bot, flags, messages } = thread()
    t.match((await mark()).json, { status: 'success', conversation_id: id, proceed: true })
    t.equal(await flags(), 1)
    t.match(await echo(), { outcome: 'accepted', author: 'bot', evidence: 'flag' })
    t.equal(await flags(), 0)
    t.match(await bot(), { enabled: true, paused_until: null, reason: null })
    t.match(await messages(), [{ type: 'AI', is_ai_response: true, evidence: 'flag', status: 'sent' }])
  })

  await t.test('echoes within the flag’s tail are the bot’s, later ones a person’s', async (t) => {
    const { mark, echo, bot, messages } = thread()
    const first = Date.now() - 10_000
    await mark()
    t.match(await echo({}, first), { evidence: 'flag' })
    t.match(await echo({ attachments: PICTURE }, first + 3_000), { author: 'bot', evidence: 'flag_tail' })
    t.match(await echo({}, first - 2_000), { author: 'bot', evidence: 'flag_tail' }, 'parts overtake each other')
    t.match(await bot(), { enabled: true })

    const before = Date.now()
    t.match(await echo({}, first + 3_001), { outcome: 'accepted', author: 'human', evidence: 'none' })
    const { enabled, paused_until, reason } = await bot()
    t.match({ enabled, reason }, { enabled: false, reason: 'human_echo' })
    const until = Date.parse(paused_until)
    t.ok(until >= before + 6 * HOUR && until <= Date.now() + 6 * HOUR, 'six hours, to the second')
    t.same(
      (await messages()).map(({ type }: { type: string }) => type),
      ['AI', 'AI', 'AI', 'support'],
    )
  })

  await t.test('an echo without a mark is a person’s, also a picture or one to an unknown customer', async (t) => {
    for (const message of [
      {},
      { attachments: PICTURE },
      { text: 'look', attachments: PICTURE },
      { attachments: [{ type: 'audio' }] },
    ]) {
      const { echo, bot } = thread()
      t.match(await echo(message), { outcome: 'accepted', author: 'human', evidence: 'none' })
      t.match(await bot(), { enabled: false, reason: 'human_echo' })
    }
  })

  await t.test('each further word of a person starts the pause anew', async (t) => {
    const { echo, bot } = thread()
    await echo()
    const first = Date.parse((await bot()).paused_until)
    await wait(20)
    await echo()
    t.ok(Date.parse((await bot()).paused_until) > first)
  })

  await t.test('a flag that was not used in time is gone', async (t) => {
    const { mark, echo, flags } = thread()
    await mark({ ttl: '1ms' })
    await wait(5)
    t.equal(await flags(), 0)
    t.match(await echo(), { author: 'human', evidence: 'none' })
  })

  await t.test('an echo that comes 400 seconds late is judged at its own time, one of 16 minutes is not', async (t) => {
    for (const [late, author] of [
      [400, 'bot'],
      [16 * 60, 'human'],
    ] as const) {
      const { mark, echo } = thread()
      await mark({ ttl: '1ms' })
      await wait(5)
      t.match(await echo({}, Date.now() - late * 1_000), { author }, `${late} s`)
    }
  })

  await t.test('a count is for so many parts', async (t) => {
    const { mark, echo, flags } = thread()
    const at = Date.now() - 60_000
    await mark({ count: 3 })
    for (let i = 0; i < 3; i++) {
      t.equal(await flags(), 3 - i)
      t.match(await echo({}, at + i * 5_000), { author: 'bot', evidence: 'flag' })
    }
    t.match(await echo({}, at + 20_000), { author: 'human' })
  })

  await t.test('a flag for a text does not cover another', async (t) => {
    const { mark, echo, flags } = thread()
    await mark({ text: 'It costs 5' })
    t.match(await echo({ text: 'I am here' }), { author: 'human' })
    t.equal(await flags(), 1)
    t.match(await echo({ text: ' It  costs 5' }), { author: 'bot', evidence: 'flag' })
  })

  await t.test('the same echo delivered five times at once has one effect', async (t) => {
    for (const isMarked of [true, false]) {
      const { mark, echo, flags, messages } = thread()
      if (isMarked) await mark({ count: 5 })
      const mid = newMid()
      const rows = await Promise.all(Array.from({ length: 5 }, () => echo({ mid })))
      t.equal(rows.filter(({ outcome }) => outcome === 'accepted').length, 1)
      t.equal(rows.filter(({ outcome, reason }) => outcome === 'duplicate' && reason === null).length, 4)
      t.equal((await messages()).length, 1)
      t.equal(await flags(), isMarked ? 4 : 0)
    }
  })

  await t.test("the bot's echo a second time, long after its flag, is no person", async (t) => {
    const { mark, echo, bot, flags } = thread()
    const mid = newMid()
    await mark({ count: 2 })
    await echo({ mid }, Date.now() - 30_000)
    t.match(await echo({ mid }, Date.now() - 30_000), { outcome: 'duplicate', author: 'bot' })
    t.equal(await flags(), 1)
    t.match(await bot(), { enabled: true })
  })

  await t.test('a report before the echo, and after it', async (t) => {
    const before = thread()
    t.match((await before.report({ message_id: 'r-1', text: 'It costs 5' })).json, { matched: false })
    t.match(await before.echo({ mid: 'r-1', text: 'It costs 5' }), {
      outcome: 'duplicate',
      reason: 'own_message',
      author: 'bot',
      evidence: 'message_id',
    })
    t.match(await before.bot(), { enabled: true })
    t.equal((await before.messages()).length, 1)

    const after = thread()
    await after.echo({ mid: 'r-2' })
    t.match(await after.bot(), { enabled: false })
    t.match((await after.report({ message_id: 'r-2', text: 'hello' })).json, { matched: true })
    t.match(await after.bot(), { enabled: true, reason: null }, 'its pause is undone')

    const both = thread()
    await both.echo({ mid: 'r-3' })
    await both.echo({ text: 'and me' })
    await both.report({ message_id: 'r-3' })
    t.match(await both.bot(), { enabled: false, reason: 'human_echo' }, 'unless a person spoke since')
  })

  await t.test('a report before the send and one with its id after it are one message', async (t) => {
    const { report, echo, bot, messages } = thread()
    t.match((await report({ text: 'It costs 5' })).json, { matched: false })
    t.match((await report({ text: 'It costs 5', message_id: 'r-4' })).json, { matched: false })
    t.match(await echo({ mid: 'r-4', text: 'It costs 5' }), { outcome: 'duplicate', author: 'bot' })
    t.match(await bot(), { enabled: true })
    t.match(await echo({ text: 'It costs 5' }), { author: 'human', evidence: 'none' })
    t.match(await bot(), { enabled: false, reason: 'human_echo' })
    t.match(await messages(), [
      { seq: 1, type: 'AI', external_message_id: 'r-4' },
      { seq: 2, type: 'support' },
    ])
  })

  await t.test('an app id of ours is the bot, and another says nothing', async (t) => {
    const { echo, bot } = thread()
    t.match(await echo({ app_id: 55 }), { author: 'bot', evidence: 'app_id' })
    t.match(await bot(), { enabled: true })
    t.match(await echo({ app_id: 66 }), { author: 'human', evidence: 'none' })
  })

  await t.test("deliveries that are no news change nothing's own instant replies are nobody's", async (t) => {
    const prompts: readonly ((of: ReturnType<typeof thread>) => Promise<Row>)[] = [
      (of) => of.customer({}, { referral: { source: 'ADS', ad_id: '1' } }),
      (of) => of.customer({ referral: { source: 'ADS' } }),
      (of) => of.customer({ quick_reply: { payload: 'ICE_BREAKER' } }),
      (of) => of.item({ postback: { mid: newMid(), title: 'Prices', payload: 'PRICES' } }),
      (of) => of.item({ referral: { source: 'SHORTLINK' } }),
    ]
    for (const prompt of prompts) {
      const of = thread()
      t.match(await prompt(of), { outcome: 'accepted' })
      t.match(await of.echo({}, Date.now()), { author: 'automation', evidence: 'auto_reply' })
      t.match(await of.bot(), { enabled: true })
      t.match(await of.echo({}, Date.now()), { author: 'automation' })
    }
    const of = thread()
    await of.customer()
    t.match(await of.echo(), { author: 'human' }, 'after an ordinary message it is a person')
    t.match(await of.echo({ attachments: [{ type: 'story_mention' }] }), { author: 'automation', evidence: 'story' })
  })

  await t.test('a message to oneself came in, a deletion is no message', async (t) => {
    const { customer, item, bot, messages } = thread()
    t.match(await customer({ is_self: true, is_echo: true }), { author: 'customer' })
    const { external_message_id: mid } = (await messages())[0]
    t.match(await item({ message: { mid, is_deleted: true } }), { outcome: 'accepted', author: null })
    t.match(await messages(), [{ content: null, deleted_at: /Z$/ }])
    t.match(await bot(), { enabled: true })
  })

  await t.test(
    "a customer’s messages during a takeover are not asked's messages are kept, and marks say so",
    async (t) => {
      const { customer, echo, mark, messages, switchBot } = thread()
      t.match(await customer(), { outcome: 'accepted', reason: null })
      await echo()
      t.match(await customer(), { outcome: 'accepted', reason: 'bot_paused', author: 'customer' })
      t.match((await mark()).json, { proceed: false })
      t.match(await echo(), { author: 'bot', evidence: 'flag' }, 'a workflow that does not ask has answered')
      t.match(await messages(), [
        { type: 'customer', status: 'skipped', reason: 'bot_paused' },
        { type: 'support' },
        { type: 'customer', status: 'skipped', reason: 'bot_paused' },
        { type: 'AI' },
      ])
      t.match((await switchBot({ enabled: true })).json.bot, { enabled: true })
      t.match(await customer(), { reason: null })
      t.match((await mark({ only_if_on: true })).json, { proceed: true })
    },
  )

  await t.test('an echo from before the hand-back does not pause again', async (t) => {
    const { echo, bot, switchBot } = thread()
    await echo()
    await switchBot({ enabled: true })
    t.match(await echo({}, Date.now() - 3_000), { author: 'human' })
    t.match(await bot(), { enabled: true })
    t.match(await echo(), { author: 'human' })
    t.match(await bot(), { enabled: false })
  })

  await t.test('two pages with the same customer share nothing', async (t) => {
    const { json } = await router.deliver(
      delivery([echoTo('1', { mid: newMid(), text: 'x' }, { page: '9' })], { page: '9' }),
    )
    t.match(json.results, [{ outcome: 'ignored', reason: 'unknown_channel' }])
  })
})

t.test('the bot resumes by itself when the pause has ended', async (t) => {
  const router = await startRouter(t, {
    BOT_PAUSE: '2s',
    DIFY_URL: 'http://127.0.0.1:9/v1',
    DIFY_KEY: 'key',
    REPLIES: 'dify',
    DEBOUNCE: '1h',
    DEBOUNCE_MAX: '1h',
  })
  const { echo, customer, bot, messages } = threadWith(router, '2')
  await echo()
  t.match(await customer(), { reason: 'bot_paused' })
  t.match(await bot(), { enabled: false })
  while (!(await bot()).enabled) await wait(20)
  t.same(await bot(), { enabled: true, paused_at: null, paused_until: null, reason: null, note: null })
  t.match(await customer(), { outcome: 'accepted', reason: null })
  t.match(await messages(), [{}, { reason: 'bot_paused' }, { reason: null, status: 'received' }])
})

t.test('on Messenger the echo’s app decides its author, and OTHER_APPS decides about other apps', async (t) => {
  const messenger = { CHANNEL_ID: '1', CHANNEL_PLATFORM: 'facebook', META_APP_IDS: '55', BOT_APP_IDS: '66,77' }
  const others = ['human', 'bot', 'ignore'] as const
  const routers = await Promise.all(others.map((OTHER_APPS) => startRouter(t, { ...messenger, OTHER_APPS })))
  const on = (i: number, user: string) => threadWith(routers[i]!, user, '1', 'page')

  await t.test('an echo of our own app is the bot’s, one without an app a person’s', async (t) => {
    const { echo, bot, messages } = on(0, '2')
    for (const app_id of [55, '66', 77]) t.match(await echo({ app_id }), { author: 'bot', evidence: 'app_id' })
    t.match(await bot(), { enabled: true })
    for (const app_id of [undefined, 0, '0', null]) {
      t.match(await echo({ app_id }), { author: 'human', evidence: 'none' }, 'typed by a person')
    }
    t.match(await bot(), { enabled: false, reason: 'human_echo' })
    t.equal((await messages()).length, 7)
  })

  await t.test('OTHER_APPS decides who is the author of another app’s echo', async (t) => {
    for (const [i, author, type, enabled] of [
      [0, 'human', 'support', false],
      [1, 'bot', 'AI', true],
      [2, 'automation', 'automation', true],
    ] as const) {
      const { echo, bot, messages } = on(i, '3')
      t.match(await echo({ app_id: 263902037430900 }), { author, evidence: 'app_id' })
      t.match(await bot(), { enabled })
      t.match(await messages(), [{ type }])
    }
  })

  await t.test('a flag means nothing here', async (t) => {
    const { mark, echo, flags } = on(0, '4')
    await mark()
    t.match(await echo(), { author: 'human', evidence: 'none' })
    t.equal(await flags(), 1)
  })
})
