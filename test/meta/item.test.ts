import t from 'tap'
import { type Item, readItem } from '../../src/meta/item.js'
import { echoTo, fromCustomer, type Json } from '../fixtures/webhooks.js'

const PAGE = '1'
const USER = '2'
const AT = 1767225600000
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

const read = (item: unknown, standby = false): Item => readItem(item, { pageId: PAGE, standby, traceparent: TRACE })
const inbound = (content: Json): Json => ({ sender: { id: USER }, recipient: { id: PAGE }, timestamp: AT, ...content })
const outbound = (content: Json): Json => ({ sender: { id: PAGE }, recipient: { id: USER }, timestamp: AT, ...content })
const customer = (message: Json, item: Json = {}) => read(fromCustomer(USER, message, { page: PAGE, at: AT, item }))
const echo = (message: Json, item: Json = {}) => read(echoTo(USER, message, { page: PAGE, at: AT, item }))

t.test("a customer's message", async (t) => {
  t.same(customer({ mid: 'm', text: 'hi', reply_to: { mid: 'm0' } }), {
    name: 'message',
    pageId: PAGE,
    userId: USER,
    event: {
      is: 'message',
      mid: 'm',
      at: AT,
      kind: 'text',
      text: 'hi',
      attachments: [],
      payload: null,
      replyTo: 'm0',
      prompt: false,
      fromAd: false,
      supported: true,
      standby: false,
      traceparent: TRACE,
      via: 'webhook',
      isAnswered: false,
      isSelf: false,
    },
    reason: null,
    key: 'm',
  })
  t.match(read(fromCustomer(USER, { mid: 'm', text: 'hi' }, { page: PAGE }), true).event, { standby: true })
})

t.test('an echo', async (t) => {
  t.same(echo({ mid: 'm', text: 'hi', app_id: 1517776481860111, metadata: 'mark' }), {
    name: 'echo',
    pageId: PAGE,
    userId: USER,
    event: {
      is: 'echo',
      mid: 'm',
      at: AT,
      kind: 'text',
      text: 'hi',
      attachments: [],
      payload: null,
      replyTo: null,
      appId: '1517776481860111',
      metadata: 'mark',
      storyMention: false,
      via: 'webhook',
    },
    reason: null,
    key: 'm',
  })
  t.match(echo({ mid: 'm', attachments: [{ type: 'story_mention' }] }).event, { kind: 'story', storyMention: true })
})

t.test('an app id of zero is none', async (t) => {
  for (const [given, appId] of [
    [7, '7'],
    ['7', '7'],
    ['10', '10'],
    [0, null],
    ['0', null],
    ['', null],
    [null, null],
    [undefined, null],
    [{}, null],
  ] as const) {
    t.match(echo({ mid: 'm', app_id: given }).event, { appId }, JSON.stringify(given))
  }
})

t.test('is_echo decides the direction, whatever the ids', async (t) => {
  const item = { sender: { id: '99' }, recipient: { id: USER }, timestamp: AT, message: { mid: 'm', is_echo: true } }
  t.match(read(item), { name: 'echo', pageId: PAGE, userId: USER })
  t.match(read({ ...item, sender: undefined }), { name: 'echo', userId: USER })
  t.match(read({ ...item, recipient: undefined }), { name: 'echo', userId: null })
  for (const isEcho of ['true', 1, null])
    t.match(read({ ...item, message: { mid: 'm', is_echo: isEcho } }), { name: 'message' })
})

t.test('a message from the account itself is an echo, even without is_echo', async (t) => {
  t.match(read(outbound({ message: { mid: 'm', text: 'hi' } })), { name: 'echo', userId: USER })
  t.match(readItem(outbound({ message: { mid: 'm' } }), { pageId: null, standby: false, traceparent: null }), {
    name: 'message',
  })
  const toItself = { sender: { id: PAGE }, recipient: { id: PAGE }, timestamp: AT, message: { mid: 'm', text: 'hi' } }
  t.match(read(toItself), { name: 'message', userId: PAGE })
})

t.test('is_self overrides is_echo: a message to oneself is incoming', async (t) => {
  const message = { mid: 'm', text: 'note', is_self: true }
  const incoming = { name: 'message', event: { is: 'message', isSelf: true } }
  t.match(read(inbound({ message: { ...message, is_echo: true } })), { ...incoming, userId: USER })
  const toItself = outbound({ message, recipient: { id: PAGE } })
  t.match(read(toItself), { ...incoming, userId: PAGE })
  t.match(read({ ...toItself, recipient: undefined }), { ...incoming, userId: PAGE })
})

t.test('the account that writes to itself has an id of its own as a customer', async (t) => {
  const message = { mid: 'm', text: 'note', is_self: true }
  for (const item of [
    outbound({ message: { ...message, is_echo: true } }),
    outbound({ message }),
    { ...outbound({ message: { ...message, is_echo: true } }), sender: { id: '99' } },
  ]) {
    t.match(read(item), { name: 'message', userId: USER, event: { is: 'message', isSelf: true } })
  }
  const pressed = outbound({ is_self: true, postback: { mid: 'p', title: 'Start', payload: 'START' } })
  t.match(read(pressed), { name: 'postback', userId: USER, event: { is: 'message' } }, 'in the same conversation')
})

t.test('an item without a sender has no customer', async (t) => {
  for (const sender of [undefined, null, {}, { id: null }, { user_ref: 'x' }, 'x', { id: 1.5 }]) {
    t.match(read({ ...inbound({ message: { mid: 'm' } }), sender }), { name: 'message', userId: null })
  }
  t.match(read({ message: { mid: 'm', text: 'hi' } }), { name: 'message', userId: null, event: { at: 0 } })
})

t.test('a referral is recorded as the payload, unless a button was pressed', async (t) => {
  const ref = { ref: 'summer-ad', source: 'ADS' }
  const payload = (message: object, item: object = {}) =>
    (
      read({ ...inbound({ message: { mid: 'm', text: 'hi', ...message } }), ...item }).event as {
        payload: string | null
      }
    ).payload
  t.equal(payload({ referral: ref }), 'summer-ad')
  t.equal(payload({}, { referral: ref }), 'summer-ad')
  t.equal(payload({ referral: ref, quick_reply: { payload: 'BUY' } }), 'BUY')
  t.equal(payload({ referral: { source: 'ADS' } }), null)
  t.match(read(inbound({ postback: { title: 'Start', referral: ref } })).event, { payload: 'summer-ad' })
  t.match(read(inbound({ postback: { title: 'Start', payload: 'GO', referral: ref } })).event, { payload: 'GO' })
})

t.test('buttons and referrals count as prompts for Meta’s instant reply', async (t) => {
  const prompt = (message: Json, item?: Json) => customer({ mid: 'm', text: 'hi', ...message }, item).event
  t.match(prompt({}), { prompt: false, payload: null })
  t.match(prompt({ quick_reply: { payload: 'ICE' } }), { prompt: true, payload: 'ICE' })
  t.match(prompt({ quick_reply: {} }), { prompt: false })
  t.match(prompt({ referral: { source: 'ADS' } }), { prompt: true })
  t.match(prompt({}, { referral: { source: 'ADS' } }), { prompt: true })
  t.match(prompt({ referral: 'ADS' }), { prompt: false })
})

t.test('a reply to a story names the story', async (t) => {
  t.match(customer({ mid: 'm', text: 'hi', reply_to: { story: { id: 's', url: 'u' } } }).event, { replyTo: 's' })
  t.match(customer({ mid: 'm', text: 'hi', reply_to: { story: {} } }).event, { replyTo: null })
  t.match(customer({ mid: 'm', text: 'hi', reply_to: 's' }).event, { replyTo: null })
})

t.test('implausible times are read as none', async (t) => {
  const at = (timestamp: unknown) =>
    (read({ ...inbound({ message: { mid: 'm' } }), timestamp }).event as { at: number }).at
  t.equal(at('1767225600000'), AT)
  t.equal(at(1767225600), AT)
  for (const odd of [0, -1, 2 ** 53, Number.NaN, 'x', null, undefined, {}, { toString: 1, valueOf: 1 }]) {
    t.equal(at(odd), 0, String(JSON.stringify(odd)))
  }
})

t.test('an item without an id is told by kind, sender, time and content', async (t) => {
  const keyOf = (item: Json) => read(item).key
  const one = keyOf(inbound({ message: { text: 'hi' } }))
  t.equal(keyOf(inbound({ message: { text: 'hi' } })), one)
  const others = [
    inbound({ message: { text: 'ho' } }),
    { ...inbound({ message: { text: 'hi' } }), timestamp: AT + 1 },
    { ...inbound({ message: { text: 'hi' } }), sender: { id: '3' } },
    outbound({ message: { text: 'hi' } }),
    inbound({ postback: { payload: 'P' } }),
    inbound({ postback: { payload: 'Q' } }),
    inbound({ message: { mid: 7, text: 'hi' } }),
    inbound({ message_edit: { mid: 'm', text: 'ho' } }),
    inbound({ reaction: { mid: 'm', action: 'react', emoji: '👍' } }),
    inbound({ reaction: { mid: 'm', action: 'unreact' } }),
    inbound({ read: { mid: 'm' } }),
    inbound({ delivery: { watermark: 1 } }),
    inbound({ referral: {} }),
    inbound({ optin: {} }),
    inbound({ app_roles: {} }),
    inbound({ message: { mid: 'm', is_deleted: true } }),
  ]
  const keys = [one, ...others.map(keyOf)]
  t.notOk(keys.includes(null))
  t.equal(new Set(keys).size, keys.length)
})

t.test('a deletion, of whichever side, is no message', async (t) => {
  t.same(customer({ mid: 'm', is_deleted: true }), {
    name: 'delete',
    pageId: PAGE,
    userId: USER,
    event: { is: 'delete', mid: 'm', at: AT },
    reason: null,
    key: 'delete m',
  })
  t.match(echo({ mid: 'm', is_deleted: true }), { name: 'delete', userId: USER, event: { is: 'delete' } })
  t.match(customer({ is_deleted: true }), { name: 'delete', event: null, reason: 'unsupported', userId: USER })
  t.match(customer({ mid: 'm', text: 'hi', is_deleted: false }), { name: 'message' })
})

t.test('a postback is a message of its own kind', async (t) => {
  t.match(read(inbound({ postback: { mid: 'm', title: 'Prices', payload: 'PRICES' } })), {
    name: 'postback',
    userId: USER,
    event: {
      is: 'message',
      mid: 'm',
      at: AT,
      kind: 'postback',
      text: 'Prices',
      payload: 'PRICES',
      prompt: true,
      fromAd: false,
      supported: true,
      standby: false,
      traceparent: TRACE,
    },
    key: 'm',
  })
  t.match(read(inbound({ postback: {} }), true), {
    event: { mid: null, text: null, payload: null, supported: false, standby: true },
    key: /^postback 2 1767225600000 /,
  })
})

t.test('the companion of a new message is not an edit', async (t) => {
  const edit = (message_edit: Json, item: Json = {}) => read({ ...inbound({ message_edit }), ...item })
  for (const none of [0, '0']) {
    t.match(edit({ mid: 'm', num_edit: none }), { name: 'edit', event: null, reason: 'companion_edit', userId: USER })
    t.match(edit({ mid: 'm', num_edit: none }, { sender: undefined }), { reason: 'companion_edit', userId: null })
    t.match(edit({ num_edit: none }), { reason: 'companion_edit' })
  }
  for (const given of [1, '2', null, undefined, '', {}]) {
    t.match(edit({ mid: 'm', text: 'better', num_edit: given }), {
      name: 'edit',
      event: { is: 'edit', mid: 'm', at: AT, text: 'better' },
      reason: null,
    })
  }
  t.match(edit({ text: 'better', num_edit: 1 }), { name: 'edit', event: null, reason: 'unsupported' })
  t.match(edit({ mid: 'm', num_edit: 1 }).event, { text: null })
})

t.test('reactions of both sides are read', async (t) => {
  const reaction = (of: Json) => read(inbound({ reaction: of }))
  t.match(reaction({ mid: 'm', action: 'react', reaction: 'love', emoji: '😍' }), {
    name: 'reaction',
    event: { is: 'reaction', mid: 'm', at: AT, by: 'customer', emoji: '😍' },
    reason: null,
  })
  t.match(reaction({ mid: 'm', action: 'react', reaction: 'love' }).event, { emoji: 'love' })
  t.match(reaction({ mid: 'm', action: 'react' }).event, { emoji: '❤' })
  t.match(reaction({ mid: 'm', action: 'unreact', emoji: '😍' }).event, { emoji: null })
  t.match(read(outbound({ reaction: { mid: 'm', emoji: '👍' } })), { userId: USER, event: { by: 'page' } })
  t.match(reaction({ action: 'react' }), { name: 'reaction', event: null, reason: 'unsupported' })
})

t.test('a read receipt names one message, or all up to a time', async (t) => {
  t.match(read(inbound({ read: { mid: 'm' } })), { name: 'read', event: { is: 'read', mid: 'm', at: AT } })
  t.match(read(inbound({ read: { watermark: 1767225500000 } })).event, { mid: null, at: 1767225500000 })
  t.match(read(inbound({ read: { watermark: '1767225500000' } })).event, { mid: null, at: 1767225500000 })
  t.match(read(inbound({ read: {} })), { name: 'read', event: null, reason: 'unsupported' })
})

t.test('a known item without effect on a message has a reason', async (t) => {
  for (const [key, name] of [
    ['delivery', 'delivery'],
    ['referral', 'referral'],
    ['optin', 'optin'],
    ['request_thread_control', 'handover'],
    ['app_roles', 'handover'],
  ] as const) {
    t.match(
      read(inbound({ [key]: {} })),
      { name, userId: USER, event: { is: 'signal', at: AT, prompt: name === 'referral' }, reason: null },
      key,
    )
    t.match(read(inbound({ [key]: 'x' })), { name: 'unsupported' }, `${key} of another shape`)
  }
  t.match(read(outbound({ referral: {} })).event, { prompt: false })
})

t.test('an ad is told by its name or its id, wherever the referral stands', async (t) => {
  const text = { mid: 'm', text: 'hi' }
  for (const ad of [{ source: 'ADS' }, { source: 'ads', ref: 'x' }, { ad_id: '6045' }, { ad_id: 6045 }]) {
    for (const item of [
      inbound({ message: { ...text, referral: ad } }),
      { ...inbound({ message: text }), referral: ad },
      inbound({ postback: { title: 'Start', referral: ad } }),
      inbound({ referral: ad }),
    ]) {
      t.match(read(item).event, { prompt: true, fromAd: true }, JSON.stringify(item))
    }
  }
  for (const other of [{ source: 'SHORTLINK', ref: 'ADS' }, { source: 7, ad_id: null }, {}]) {
    t.match(read(inbound({ referral: other })).event, { prompt: true, fromAd: false })
    t.match(read(inbound({ message: { ...text, referral: other } })).event, { fromAd: false })
  }
  t.match(read(outbound({ referral: { source: 'ADS' } })).event, { prompt: false, fromAd: false }, 'the page’s own')
})

t.test('a thread that goes from app to app: how, and to whom where Meta says it', async (t) => {
  for (const [key, how] of [
    ['pass_thread_control', 'passed'],
    ['take_thread_control', 'taken'],
  ] as const) {
    for (const [given, newOwner] of [
      ['263902037430900', '263902037430900'],
      [123, '123'],
      [null, null],
      [undefined, null],
      [{}, null],
    ] as const) {
      t.match(
        read(inbound({ [key]: { new_owner_app_id: given, metadata: 'x' } })),
        { name: 'handover', userId: USER, event: { is: 'handover', how, newOwner }, reason: null, key: /^handover 2 / },
        `${key} to ${JSON.stringify(given)}`,
      )
    }
    t.match(read(inbound({ [key]: 'x' })), { name: 'unsupported' }, `${key} of another shape`)
  }
  const keys = ['pass_thread_control', 'take_thread_control'].map((key) => read(inbound({ [key]: {} })).key)
  t.not(keys[0], keys[1], 'passed and taken within one millisecond are two')
})

t.test('a request for the thread gives it to nobody', async (t) => {
  const asked = read(inbound({ request_thread_control: { requested_owner_app_id: '9' } }))
  t.match(asked, { name: 'handover', event: { is: 'signal', prompt: false }, reason: null })
})

t.test('the rest is honestly unsupported', async (t) => {
  const unsupported = { name: 'unsupported', event: null, reason: 'unsupported', key: null }
  for (const key of [
    'account_linking',
    'policy_enforcement',
    'policy-enforcement',
    'response_feedback',
    'messaging_feedback',
    'order',
    'hologram',
  ]) {
    t.match(read(inbound({ [key]: {} })), { ...unsupported, userId: USER }, key)
  }
  for (const key of ['message', 'message_edit', 'reaction', 'read', 'postback']) {
    for (const odd of [null, 'x', 7, []]) t.match(read(inbound({ [key]: odd })), unsupported, key)
  }
  for (const odd of [null, 'x', 7, [], undefined, true])
    t.match(read(odd), { ...unsupported, pageId: PAGE, userId: null })
  t.match(read({}), unsupported)
})
