import t from 'tap'
import { notAsked, wasAsked, weSpoke, withAskedText } from '../../../src/conversation/state/asked-texts.js'
import { CAPS } from '../../../src/conversation/state/caps.js'
import { conversation, message, PICTURE, START } from '../../fixtures/conversation.js'

t.test('a text is known as asked, however it is spaced, until a message of ours', async (t) => {
  const state = withAskedText(conversation(), 'hi there', START)
  t.equal(wasAsked(state, ' hi  there'), true)
  t.equal(wasAsked(state, 'hi'), false)
  t.equal(wasAsked(weSpoke(state), 'hi there'), false)
  const silent = conversation()
  t.equal(weSpoke(silent), silent)
})

t.test('messages that were not answered may be asked again, others may not', async (t) => {
  const state = withAskedText(withAskedText(conversation(), 'one', START), 'two', START)
  const left = notAsked(state, [message({ text: 'one' }), message({ text: null, attachments: [PICTURE] })])
  t.same([wasAsked(left, 'one'), wasAsked(left, 'two')], [false, true])
  const silent = conversation()
  t.equal(notAsked(silent, [message({ text: 'one' })]), silent)
})

t.test('above the cap the oldest text is forgotten', async (t) => {
  let state = conversation()
  for (let i = 0; i <= CAPS.asked; i++) state = withAskedText(state, `text ${i}`, START + i)
  t.same([wasAsked(state, 'text 0'), wasAsked(state, 'text 1')], [false, true])
})
