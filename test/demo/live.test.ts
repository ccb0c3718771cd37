import t from 'tap'
import { lookOn, rowOfFrame, rowOfMessage } from '../../src/demo/live.js'
import type { Said } from '../../src/demo/stage.js'
import { ON, said } from '../fixtures/demo.js'
import { startLive } from '../fixtures/live.js'

t.test('each author is named, with decision and evidence', async (t) => {
  for (const [message, who, decision] of [
    [{}, 'customer', /becomes a question/],
    [{ type: 'support', evidence: 'none' }, 'person', /^human · evidence none/],
    [{ type: 'automation', evidence: 'story' }, 'bot', /^automation · evidence story/],
    [{ type: 'AI', status: 'queued' }, 'bot', /^queued$/],
    [{ type: 'AI', evidence: 'flag' }, 'bot', /^bot · evidence flag/],
  ] as const) {
    t.match(rowOfMessage(said(message)), { who, decision })
  }
  for (const content of [null, '']) t.equal(rowOfMessage(said({ content, message_type: 'share' })).text, '[share]')
})

t.test('a frame is a row where it says something new', async (t) => {
  const row = (type: string, message?: Partial<Said>) =>
    rowOfFrame({ type, data: message === undefined ? {} : { message: said(message) } }, 0)
  t.match(rowOfFrame({ type: 'conversation_status', data: { bot: ON } }, 0), { decision: 'the bot is on' })
  t.match(row('chat_message', {}), { who: 'customer' })
  t.equal(row('gap'), null)
  for (const status of ['failed', 'unknown', 'cancelled']) {
    t.match(row('message_status', { type: 'AI', status, reason: 'why' }), { decision: `${status}: why` })
  }
  t.equal(row('message_status', { type: 'AI', status: 'sent' }), null)
  t.match(row('message_status', { type: 'AI', evidence: 'message_id' }), { text: 'its echo' })
  t.equal(row('message_status', { status: 'processed' }), null)
  t.match(row('message_status', { status: 'skipped', reason: 'share_expired' }), { decision: /share_expired/ })
})

t.test('the demo follows events with the token, and says when it cannot', async (t) => {
  const server = await startLive(t)
  const live = await lookOn(`http://127.0.0.1:${server.port}`, 'wrong', () => {}).catch((error: Error) => error)
  t.match(live, { message: /no WebSocket at ws:/ })
})
