import type { Assistant } from '../conversation/channel.js'
import type { AskedQuestion } from '../conversation/question/question-text.js'
import type { Request } from './dify-request.js'

/** The request of a question. Always streamed: proxies cut off blocking calls while the run continues. */
export function questionRequest(app: Assistant['app'], question: AskedQuestion): Request {
  const { id, query, inputs, conversationId, traceparent } = question
  const files = question.files.map(({ type, url }) => ({ type, transfer_method: 'remote_url', url }))
  const common = { inputs, user: id, response_mode: 'streaming', ...(files.length === 0 ? {} : { files }) }
  if (app === 'workflow') return { method: 'POST', path: '/workflows/run', body: common, traceparent }
  return {
    method: 'POST',
    path: '/chat-messages',
    body: {
      query,
      ...common,
      ...(conversationId === null ? {} : { conversation_id: conversationId }),
      // Naming the conversation would cost a second model call, and nobody reads the name.
      auto_generate_name: false,
    },
    traceparent,
  }
}
