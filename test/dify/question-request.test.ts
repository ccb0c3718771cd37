import t from 'tap'
import { questionRequest } from '../../src/dify/question-request.js'
import { question } from './server.js'

t.test('a chat is asked with the query, a workflow with its inputs alone', async (t) => {
  t.same(questionRequest('chat', question), {
    method: 'POST',
    path: '/chat-messages',
    body: {
      query: 'how much?',
      inputs: { conversation_id: '1-2' },
      user: '1-2',
      response_mode: 'streaming',
      auto_generate_name: false,
    },
    traceparent: null,
  })
  t.same(questionRequest('workflow', question), {
    method: 'POST',
    path: '/workflows/run',
    body: { inputs: { conversation_id: '1-2' }, user: '1-2', response_mode: 'streaming' },
    traceparent: null,
  })
})

t.test('a question’s files and conversation are part of its request', async (t) => {
  const files = [{ type: 'image' as const, url: 'https://cdn.example/1' }]
  const sent = [{ type: 'image', transfer_method: 'remote_url', url: 'https://cdn.example/1' }]
  t.match(questionRequest('chat', { ...question, files, conversationId: 'c' }).body, {
    files: sent,
    conversation_id: 'c',
  })
  t.match(questionRequest('workflow', { ...question, files, conversationId: 'c' }).body, { files: sent })
  t.notHas(questionRequest('workflow', { ...question, conversationId: 'c' }).body, { conversation_id: 'c' })
})

t.test('a question goes on with the trace of its webhook', async (t) => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  for (const app of ['chat', 'workflow'] as const) {
    t.match(questionRequest(app, { ...question, traceparent }), { traceparent })
  }
})
