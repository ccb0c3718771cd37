import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Channel } from '../conversation/channel.js'
import type { ConversationId } from '../conversation/ids.js'
import type { Conversation } from '../conversation/state/state.js'
import type { GiveFeedback, Log, ReadBody, Receive, Store } from '../engine/ports.js'
import { askForToken, type Identify } from './edge/auth.js'
import { acceptAnyContentType, parseBodiesAsJson } from './edge/body-parsers.js'
import type { Limits } from './edge/limits.js'
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

/** What the routes behind a bearer token need. */
export interface ApiParts {
  readonly store: Store
  readonly receive: Receive
  readonly log: Log
  readonly limits: Limits
  readonly readBody: ReadBody
  readonly identify: Identify
  readonly allChannels: () => Iterable<Channel>
  readonly erase: (id: ConversationId, channel: Channel) => Promise<void>
  readonly giveFeedback: GiveFeedback
  /** Requests the profile of a customer who is shown to an operator. */
  readonly wantProfile: (state: Conversation) => void
  readonly channelOf: (id: ConversationId) => Channel | undefined
  /** Throws `unknown_channel` when the settings have no channel of that page. */
  readonly channelFor: (id: ConversationId) => Channel
}

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
