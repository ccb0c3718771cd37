import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiParts } from './api-parts.js'
import { askForToken } from './edge/auth.js'
import { acceptAnyContentType, parseBodiesAsJson } from './edge/body-parsers.js'
import { refuseUnknownParameters } from './edge/unknown-parameters.js'
import { liveTickets } from './live/tickets.js'
import { channels } from './routes/channels.js'
import { consoleLogins } from './routes/console-logins.js'
import { conversationExport } from './routes/conversation-export.js'
import { conversationList } from './routes/conversation-list.js'
import { conversations } from './routes/conversations.js'
import { deadLetters } from './routes/dead-letters.js'
import { feedback } from './routes/feedback.js'
import { markBotResponse } from './routes/mark-bot-response.js'
import { messageList } from './routes/message-list.js'
import { messages } from './routes/messages.js'
import { sentMessages } from './routes/sent-messages.js'

export async function api(app: FastifyInstance, parts: ApiParts): Promise<void> {
  app.addHook('onRequest', (request: FastifyRequest, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  askForToken(app, parts.identify)
  refuseUnknownParameters(app)
  acceptAnyContentType(app)
  parseBodiesAsJson(app, parts.readBody)
  const all = [
    markBotResponse,
    sentMessages,
    messages,
    conversationList,
    conversationExport,
    messageList,
    feedback,
    conversations,
    deadLetters,
    channels,
    liveTickets,
    consoleLogins,
  ]
  for (const routes of all) await app.register(routes, parts)
}
