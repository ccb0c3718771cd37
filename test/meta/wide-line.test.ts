import t from 'tap'
import { parseConversationId } from '../../src/conversation/ids.js'
import { OWN_SOURCE } from '../../src/conversation/state/message.js'
import { createReceive } from '../../src/engine/receive.js'
import { mark, report } from '../fixtures/conversation.js'
import { createDoor } from '../fixtures/door.js'
import { configOf } from '../fixtures/settings.js'
import { delivery, echoTo, fromCustomer } from '../fixtures/webhooks.js'

const CHANNELS = [
  { id: '1', platform: 'instagram' },
  { id: '7', platform: 'facebook' },
]
const CHECK = '📱 Instagram echo message - checking bot flag · 🔍 Bot flag CHECK for conversation 1-2: '

t.test('each item leaves one line, worded as operators know it', async (t) => {
  const { take, log, store, now } = createDoor({}, CHANNELS)
  const lineFor = async (item: unknown, page = '1'): Promise<string> => {
    log.length = 0
    await take(delivery([item], { page, object: page === '1' ? 'instagram' : 'page' }))
    t.equal(log.length, 1)
    return log[0]!.msg
  }
  const echo = (mid: string, page = '1', more: object = {}) =>
    echoTo('2', { mid, text: 'secret words', ...more }, { page, at: now() })
  const receive = createReceive({ store, onCommit: () => {} })
  const id = parseConversationId('1-2')!
  const channel = configOf({}, CHANNELS).channels.get('1')!
  await receive(id, channel, mark(), null)

  t.equal(
    await lineFor(fromCustomer('2', { mid: 'm', text: 'secret words' }, { page: '1', at: now() })),
    'message recorded',
  )
  t.equal(await lineFor(echo('e1')), `${CHECK}true`)
  t.equal(await lineFor(echo('e2')), `${CHECK}true`, 'within the tail')
  t.equal(await lineFor(echo('e2')), '⚠️ DUPLICATE DETECTED - BLOCKING')
  t.equal(
    await lineFor(echo('e9', '7', { metadata: 'message-router:AI:x-900' }), '7'),
    '⚠️ DUPLICATE DETECTED - BLOCKING: echo of our own message, known by metadata, as it should be',
    'of a conversation that was erased',
  )
  t.equal(await lineFor(echo('e3', '1', { attachments: [{ type: 'story_mention' }] })), `${CHECK}true`)
})

t.test('a person is named as one, a bot without a flag is not', async (t) => {
  const { take, log, now } = createDoor({ META_APP_IDS: '55' }, CHANNELS)
  const echo = (mid: string, page: string, more: object = {}) =>
    delivery([echoTo('2', { mid, text: 'secret words', ...more }, { page, at: now() })], {
      page,
      object: page === '1' ? 'instagram' : 'page',
    })
  await take(echo('e1', '1'))
  await take(echo('e2', '1', { app_id: 55 }))
  await take(echo('e3', '7'))
  await take(echo('e4', '7', { app_id: '55' }))
  t.same(
    log.map((line) => line.msg),
    [
      `${CHECK}false · 👤 Instagram human agent message detected (no bot flag)`,
      `${CHECK}false`,
      'echo recorded, written by: human',
      'echo recorded, written by: bot',
    ],
  )
  t.notMatch(JSON.stringify(log), 'secret')
})

t.test('a post that waits, and the question that it waited for, are told', async (t) => {
  const channels = [
    { ...CHANNELS[0]!, dify: { url: 'https://dify.example/v1', key: 'k' } },
    { ...CHANNELS[1]!, dify: { url: 'https://dify.example/v1', key: 'k' } },
  ]
  const { take, log, now } = createDoor({}, channels)
  const said = (mid: string, content: object, page = '1') =>
    delivery([fromCustomer('2', { mid, ...content }, { page, at: now() })], {
      page,
      object: page === '1' ? 'instagram' : 'page',
    })
  const post = { attachments: [{ type: 'share', payload: { url: 'https://www.instagram.com/p/1', title: 'secret' } }] }
  await take(said('s1', post))
  await take(said('s1', post))
  await take(said('q1', { text: 'secret words' }))
  await take(said('q2', { text: 'more secret words' }))
  await take(said('s2', post, '7'))
  t.same(
    log.map((line) => line.msg),
    [
      '⏳ Instagram share detected - waiting for follow-up question',
      '⚠️ DUPLICATE DETECTED - BLOCKING',
      '✅ Combined share + question for AI processing',
      'message recorded',
      'message recorded',
    ],
  )
  t.notMatch(JSON.stringify(log), 'secret')
})

t.test('a post and its question bear their ids, the time it waits and their length', async (t) => {
  const { take, log, now } = createDoor({}, [{ ...CHANNELS[0]!, dify: { url: 'https://dify.example/v1', key: 'k' } }])
  const said = (mid: string, content: object) =>
    delivery([fromCustomer('2', { mid, ...content }, { page: '1', at: now() })], { page: '1', object: 'instagram' })
  const post = { attachments: [{ type: 'share', payload: { url: 'https://www.instagram.com/p/1', title: 'secret' } }] }
  const named = (seq: number) => new RegExp(`^1-2-\\w+-${seq}$`)
  await take(said('s1', post))
  await take(said('q1', { text: 'secret words' }))
  await take(said('s2', { text: 'secret', ...post }))
  await take(said('s3', post))
  t.match(log, [
    { msg: /^⏳/, share_id: named(1), timeout_ms: 120_000, length: 6 },
    { msg: /^✅/, share_id: named(1), question_id: named(2) },
    { msg: /^✅/, share_id: named(3), question_id: named(3) },
    { msg: /^✅/, share_id: named(4), question_id: named(3) },
  ])
  t.ok(
    log.slice(1).every(({ length }) => (length as number) > 100),
    'of the whole question',
  )
  t.notMatch(JSON.stringify(log), 'secret')
})

t.test('the echo of a message of ours is told as what it is: aloud where a caller sent it', async (t) => {
  const { take, log, now, store } = createDoor({}, CHANNELS)
  const receive = createReceive({ store, onCommit: () => {} })
  const id = parseConversationId('1-2')!
  const channel = configOf({}, CHANNELS).channels.get('1')!
  const cameBack = (mid: string, text: string) =>
    take(delivery([echoTo('2', { mid, text }, { page: '1', at: now() })], { page: '1' }))
  await receive(id, channel, report({ mid: 'm1', text: 'secret offer', type: 'marketing', source: 'Workflow' }), null)
  await cameBack('m1', 'secret offer')
  await receive(id, channel, report({ text: 'secret answer', source: OWN_SOURCE }), null)
  await cameBack('m2', 'secret answer')
  t.match(log, [
    {
      level: 30,
      msg: '⚠️ DUPLICATE DETECTED - BLOCKING: echo of our own marketing message [Workflow], known by message_id, as it should be',
      type: 'marketing',
      source: 'Workflow',
      evidence: 'message_id',
    },
    { level: 20, msg: /^⚠️ DUPLICATE DETECTED - BLOCKING: echo of our own AI message \[router\], known by text/ },
  ])
  t.notMatch(JSON.stringify(log), 'secret')
})
