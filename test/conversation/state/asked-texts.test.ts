import t from 'tap'
import { notAsked, wasAsked, weSpoke, withAskedText } from '../../../src/conversation/state/asked-texts.js'
import { CAPS } from '../../../src/conversation/state/caps.js'
import type { AskedText } from '../../../src/conversation/state/state.js'
import { conversation, message, PICTURE } from '../../fixtures/conversation.js'

t.test('a text is known as asked, however it is spaced, until a message of ours', async (t) => {
  const state = conversation({ asked: withAskedText([], message({ text: 'hi  there' })) })
  t.equal(wasAsked(state, ' hi  there'), true)
  t.equal(wasAsked(state, 'hi'), false)
  t.equal(wasAsked(weSpoke(state), 'hi there'), false)
  const silent = conversation()
  t.equal(weSpoke(silent), silent)
})

t.test('a message is remembered as it is where its text needs no folding', async (t) => {
  const plain = message({ text: 'hi there', arrivedAt: 5 })
  t.equal(withAskedText([], plain)[0], plain)
  t.strictSame(withAskedText([], message({ text: ' hi  there ', arrivedAt: 5 })), [{ text: 'hi there', arrivedAt: 5 }])
  const asked = withAskedText([], plain)
  t.equal(withAskedText(asked, message({ text: null, attachments: [PICTURE] })), asked)
})

t.test('messages that were not answered may be asked again, others may not', async (t) => {
  const state = conversation({
    asked: withAskedText(withAskedText([], message({ text: 'one' })), message({ text: 'two' })),
  })
  const left = notAsked(state, [message({ text: 'one' }), message({ text: null, attachments: [PICTURE] })])
  t.same([wasAsked(left, 'one'), wasAsked(left, 'two')], [false, true])
  const silent = conversation()
  t.equal(notAsked(silent, [message({ text: 'one' })]), silent)
})

t.test('above the cap the oldest text is forgotten', async (t) => {
  let asked: readonly AskedText[] = []
  for (let i = 0; i <= CAPS.asked; i++) asked = withAskedText(asked, message({ text: `text ${i}` }))
  const state = conversation({ asked })
  t.same([wasAsked(state, 'text 0'), wasAsked(state, 'text 1')], [false, true])
})
