import t from 'tap'
import { conversationIdOf, isAccountId, pageOf, parseConversationId, userOf } from '../../src/conversation/ids.js'

const LONGEST = '9'.repeat(32)

t.test('a conversation id is digits, a hyphen, digits', async (t) => {
  for (const good of ['1-2', `${LONGEST}-${LONGEST}`, '00-00', '17841400000000000000-900719925474099312']) {
    t.equal(parseConversationId(good), good)
  }
  const bad = ['', '1', '1-', '-2', '1-2-3', ' 1-2', '1-2 ', '1-2\n', 'a-2', '1-٢', `${LONGEST}9-1`, `1-${LONGEST}9`]
  for (const each of [...bad, 'start.conversation_id', '{{#start.conversation_id#}}']) {
    t.equal(parseConversationId(each), null, JSON.stringify(each))
  }
})

t.test('an account id is 1 to 32 digits', async (t) => {
  for (const good of ['0', '42', LONGEST]) t.equal(isAccountId(good), true)
  for (const bad of ['', `${LONGEST}9`, '1-2', '4.2', '-1', '1e3', '٢']) t.equal(isAccountId(bad), false, bad)
})

t.test('page and user are parsed from a conversation’s id, however long they are', async (t) => {
  const id = conversationIdOf('17841400000000000000', '900719925474099312')
  t.equal(id, '17841400000000000000-900719925474099312')
  t.equal(pageOf(id), '17841400000000000000')
  t.equal(userOf(id), '900719925474099312')
})
