import t from 'tap'
import { createDifyMemory, messagesOf, namesFor } from '../../src/simulator/dify-memory.js'
import type { DifyCall } from '../../src/simulator/dify-settings.js'

const callOf = (messageId: string, facts: Partial<DifyCall> = {}): DifyCall =>
  ({
    messageId,
    conversationId: 'c1',
    query: 'q',
    answer: 'a',
    status: 'succeeded',
    at: 5500,
    body: {},
    error: null,
    ...facts,
  }) as DifyCall

t.test('a conversation is its app’s and its user’s alone', async (t) => {
  const memory = createDifyMemory()
  const { id } = memory.begin('key', 'user')
  t.equal(memory.find('key', 'user', id)!.id, id)
  t.equal(memory.find('other', 'user', id), null)
  t.equal(memory.find('key', 'other', id), null)
  t.equal(memory.find('key', 'user', 'unknown'), null)
  memory.forget(id)
  t.equal(memory.find('key', 'user', id), null)
})

t.test('conversations are listed with the newest first', async (t) => {
  const memory = createDifyMemory()
  const [first, second] = [memory.begin('key', 'user'), memory.begin('key', 'user')]
  memory.begin('key', 'other').calls.push(callOf('m0'))
  memory.begin('other', 'user').calls.push(callOf('m0'))
  first.calls.push(callOf('m1'), callOf('m2', { at: 7500 }))
  second.calls.push(callOf('m3'))
  t.match(memory.list('key', 'user', 20), {
    data: [{ id: second.id }, { id: first.id, created_at: 5, updated_at: 7 }],
    has_more: false,
    limit: 20,
  })
  t.match(memory.list('key', 'user', 1), { data: [{ id: second.id }], has_more: true })
  memory.reset()
  t.match(memory.list('key', 'user', 1), { data: [], has_more: false })
})

t.test('messages are listed with the newest last, from the newest on back', async (t) => {
  const conversation = createDifyMemory().begin('key', 'user')
  conversation.calls.push(callOf('m1'), callOf('m2'), callOf('m3'))
  const ids = (limit: number, firstId?: string): unknown => {
    const page = messagesOf(conversation, limit, firstId) as { data: { id: string }[]; has_more: boolean }
    return [page.data.map(({ id }) => id), page.has_more]
  }
  t.strictSame(ids(20), [['m1', 'm2', 'm3'], false])
  t.strictSame(ids(2), [['m2', 'm3'], true])
  t.strictSame(ids(2, 'm2'), [['m1'], false])
  t.strictSame(ids(2, 'unknown'), [[], false])
})

t.test('a message shows what became of its run', async (t) => {
  const conversation = createDifyMemory().begin('key', 'user')
  const error = { status: 400, code: 'x', message: 'broken' }
  conversation.calls.push(
    callOf('m1', { body: { inputs: { a: 1 } } }),
    callOf('m2', { status: 'running' }),
    callOf('m3', { status: 'failed', error }),
    callOf('m4', { status: 'paused' }),
    callOf('m5', { status: 'stopped' }),
  )
  t.match(messagesOf(conversation, 20, undefined), {
    limit: 20,
    data: [
      { id: 'm1', conversation_id: 'c1', query: 'q', answer: 'a', status: 'normal', created_at: 5, inputs: { a: 1 } },
      { answer: '', status: 'normal', error: null },
      { answer: 'a', status: 'error', error: 'broken' },
      { status: 'paused' },
      { answer: 'a', status: 'normal' },
    ],
  })
})

t.test('a call has the names that its kind of app gives', async (t) => {
  const conversation = createDifyMemory().begin('key', 'user')
  t.match(namesFor('workflow', null), { taskId: String, conversationId: null, messageId: null, workflowRunId: String })
  t.match(namesFor('chatflow', conversation), { conversationId: conversation.id, workflowRunId: String })
  t.match(namesFor('chat', conversation), { messageId: String, workflowRunId: null })
})
