import t from 'tap'
import { quickReply } from '../../src/meta/quick-reply.js'

t.test('a choice is cut to what Meta shows, and comes back in whole', async (t) => {
  const text = 'Where is my order now, please?'
  t.strictSame(quickReply(text), { content_type: 'text', title: text.slice(0, 20), payload: text })
  t.strictSame(quickReply('Yes'), { content_type: 'text', title: 'Yes', payload: 'Yes' })
  t.equal(quickReply(`${'x'.repeat(19)}😀`).title, 'x'.repeat(19), 'no character is cut in two')
  const family = '👨‍👩‍👧‍👦'.repeat(2)
  t.equal(quickReply(family).title, '👨‍👩‍👧‍👦')
  t.equal(quickReply(`e${'\u0301'.repeat(30)}`).title.length, 20, 'unless it is too long by itself')
  t.equal(quickReply('x'.repeat(2_000)).payload.length, 1_000)
})
