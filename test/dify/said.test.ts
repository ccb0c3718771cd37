import t from 'tap'
import { createSaid } from '../../src/dify/said.js'

const chunk = (text: string, node: string) => ({
  event: 'text_chunk',
  data: { text, from_variable_selector: [node, 'text'] },
})
const message = (answer: string, node?: string) => ({
  event: 'message',
  answer,
  ...(node === undefined ? {} : { from_variable_selector: [node, 'text'] }),
})

t.test('the chunks of one node are one text', async (t) => {
  const said = createSaid()
  t.strictSame(said.texts, [])
  said.take(chunk('It ', 'llm'))
  said.take(chunk('costs 5', 'llm'))
  t.strictSame(said.texts, ['It costs 5'])
  const { texts } = said
  said.take({ event: 'node_finished', data: { outputs: { text: 'not streamed' } } })
  said.take(chunk('', 'llm'))
  t.equal(said.texts, texts, 'nothing new')
})

t.test('the texts of several nodes are known one by one and as a whole', async (t) => {
  const said = createSaid()
  for (const event of [message('One moment. ', 'wait'), message('It costs', 'llm'), message(' 5', 'llm')])
    said.take(event)
  t.strictSame(said.texts, ['One moment. It costs 5', 'One moment. ', 'It costs 5'])
})

t.test('an agent that says everything over again has said it once', async (t) => {
  const said = createSaid()
  for (const answer of ['It ', 'costs 5']) said.take({ event: 'agent_message', answer })
  said.take(message('It costs 5'))
  t.ok(said.texts.includes('It costs 5'))
})

t.test('a text that comes as that of a file counts, and one that is replaced does not', async (t) => {
  const said = createSaid()
  said.take({ event: 'message_file', answer: 'See the picture' })
  t.strictSame(said.texts, ['See the picture'])
  said.take({ event: 'message_replace', answer: 'I cannot say that' })
  t.strictSame(said.texts, ['I cannot say that'])
})

t.test('texts above the limit are not collected', async (t) => {
  const said = createSaid()
  for (let i = 0; i < 30; i += 1) said.take(chunk(`node ${i} `, `n${i}`))
  t.equal(said.texts.length, 13, 'all in one, and twelve')
  for (let i = 0; i < 100; i += 1) said.take(chunk('x'.repeat(1_000), 'llm'))
  t.ok(said.texts[0]!.length <= 61_000)
})
