import t from 'tap'
import { notAsked, wasAsked, weSpoke, withAskedText } from '../../../src/conversation/state/asked-texts.js'
import { CAPS } from '../../../src/conversation/state/caps.js'
import type { AskedText } from '../../../src/conversation/state/state.js'
import { conversation, message, PICTURE, START } from '../../fixtures/conversation.js'

t.test('a text is known as asked, however it is spaced, until a message of ours', async (t) => {
  const state = conversation({ asked: withAskedText([], 'hi there', START) })
  t.equal(wasAsked(state, ' hi  there'), true)
  t.equal(wasAsked(state, 'hi'), false)
  t.equal(wasAsked(weSpoke(state), 'hi there'), false)
  const silent = conversation()
  t.equal(weSpoke(silent), silent)
})

t.test('messages that were not answered may be asked again, others may not', async (t) => {
  const state = conversation({ asked: withAskedText(withAskedText([], 'one', START), 'two', START) })
  const left = notAsked(state, [message({ text: 'one' }), message({ text: null, attachments: [PICTURE] })])
  t.same([wasAsked(left, 'one'), wasAsked(left, 'two')], [false, true])
  const silent = conversation()
  t.equal(notAsked(silent, [message({ text: 'one' })]), silent)
})

t.test('above the cap the oldest text is forgotten', async (t) => {
  let asked: readonly AskedText[] = []
  for (let i = 0; i <= CAPS.asked; i++) asked = withAskedText(asked, `text ${i}`, START + i)
  const state = conversation({ asked })
  t.same([wasAsked(state, 'text 0'), wasAsked(state, 'text 1')], [false, true])
})
