import t from 'tap'
import { createChatText } from '../../src/dify/chat-text.js'

t.test('text that comes with files is collected in its place', async (t) => {
  const chat = createChatText()
  chat.message('Here ')
  chat.fileMessage('you ')
  chat.message('are')
  t.equal(chat.whole(), 'Here you are')
  chat.replace('No')
  chat.fileMessage(' file')
  t.equal(chat.whole(), 'No file')
})

t.test('an agent says it as it says all else, and its closing message counts alone', async (t) => {
  const agent = createChatText()
  agent.fileMessage('Here ')
  agent.agentMessage('you are')
  t.equal(agent.whole(), 'Here you are')
  agent.message('Here it is')
  t.equal(agent.whole(), 'Here it is')
})

t.test('a thought may be longer than an answer, but not without end', async (t) => {
  const chat = createChatText()
  chat.message(`<think>${'x'.repeat(300_000)}`)
  t.equal(chat.isTooLong(), false)
  chat.message('</think>Hello')
  t.equal(chat.isTooLong(), false)
  chat.message('x'.repeat(160_000))
  t.equal(chat.isTooLong(), true)
})
