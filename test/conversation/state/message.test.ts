import t from 'tap'
import { conversationIdOf } from '../../../src/conversation/ids.js'
import { type Author, authorOf, type MessageType, messageId } from '../../../src/conversation/state/message.js'

const AUTHORS: Readonly<Record<MessageType, Author>> = {
  customer: 'customer',
  support: 'human',
  AI: 'bot',
  marketing: 'bot',
  automation: 'automation',
}

for (const [type, author] of Object.entries(AUTHORS)) {
  t.test(`the author of a message of type ${type} is ${author}`, async (t) => {
    t.equal(authorOf(type as MessageType), author)
  })
}

t.test('a type that nobody knows is a fault', async (t) => {
  t.throws(() => authorOf('robot' as never), /not a member of the union/)
})

t.test('a message id names its conversation, its beginning and its place', async (t) => {
  const id = conversationIdOf('1', '2')
  t.equal(messageId(id, 1_000, 3), '1-2-rs-3')
  const ids = [
    messageId(id, 1_000, 3),
    messageId(id, 1_000, 4),
    messageId(id, 1_001, 3),
    messageId(conversationIdOf('1', '3'), 1_000, 3),
  ]
  t.equal(new Set(ids).size, ids.length)
})
