import t from 'tap'
import { payloadOf } from '../../src/simulator/payload.js'

const SAID = { platform: 'instagram', page: '1001', user: '2001', text: 'hi', mid: 'm1', timestamp: 5 } as const

t.test('a customer writes to the page', async (t) => {
  t.strictSame(payloadOf(SAID), {
    object: 'instagram',
    entry: [
      {
        id: '1001',
        time: 5,
        messaging: [
          { sender: { id: '2001' }, recipient: { id: '1001' }, timestamp: 5, message: { mid: 'm1', text: 'hi' } },
        ],
      },
    ],
  })
})

t.test('an echo goes the other way, and may name the app that sent it', async (t) => {
  const { object, entry } = payloadOf({ ...SAID, platform: 'facebook', echo: true, appId: '77' })
  t.equal(object, 'page')
  t.strictSame(entry[0]!.messaging[0], {
    sender: { id: '1001' },
    recipient: { id: '2001' },
    timestamp: 5,
    message: { mid: 'm1', text: 'hi', is_echo: true, app_id: '77' },
  })
})

t.test('a shared post needs no text, and every message has an id of its own', async (t) => {
  const shared = { ...SAID, text: undefined, mid: undefined, share: 'https://example.com/p/1' }
  const [first, second] = [payloadOf(shared), payloadOf(shared)].map(({ entry }) => entry[0]!.messaging[0]!.message)
  t.match(first, { attachments: [{ type: 'share', payload: { url: 'https://example.com/p/1' } }] })
  t.notOk('text' in first!)
  t.not(first!.mid, second!.mid)
})

t.test('an echo gives back what was sent along', async (t) => {
  const attachments = [{ type: 'image', payload: { url: 'https://example.com/1.png' } }]
  const { entry } = payloadOf({ ...SAID, text: undefined, echo: true, attachments, metadata: 'ours' })
  t.strictSame(entry[0]!.messaging[0]!.message, { mid: 'm1', attachments, metadata: 'ours', is_echo: true })
})
