import type { Server } from 'node:http'
import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ConversationId } from '../../conversation/ids.js'
import { type Meter, RouterError } from '../../engine/ports.js'
import { Type } from '../../schema.js'
import type { ApiParts } from '../api-parts.js'
import type { ApiKeys } from '../edge/api-keys.js'
import type { Connections } from '../edge/connections.js'
import { fieldsOf } from '../edge/fields.js'
import { conversationIdIn } from '../edge/ids.js'
import { ConversationKey, nothing, refusals, UNCHECKED } from '../shapes.js'
import { createLiveHub } from './hub.js'
import type { LiveBounds, LiveClient } from './subscriber.js'
import { isTicket } from './tickets.js'
import { upgradesAt } from './upgrade.js'

/**
 * `GET /ws`: a live stream of everything that happens. Browsers let any page open a WebSocket to any origin; since no
 * cookie authorises it, a page without a token or a ticket is refused.
 */

export interface LiveParts
  extends Pick<ApiParts, 'store' | 'log' | 'limits' | 'identify' | 'channelOf' | 'channelFor'> {
  readonly apiKeys: ApiKeys
  readonly connections: Connections
  readonly bounds: LiveBounds
  readonly meter: Pick<Meter, 'liveClients'>
}

export const LIVE_BOUNDS: LiveBounds = {
  clients: 5_000,
  heartbeatMs: 30_000,
  unsentBytes: 1024 * 1024,
  messagesPerMinute: 100,
  // The WebSocket library's own closing time-out: a client that is slow to read still receives the close code.
  goodbyeMs: 30_000,
  shutdownMs: 2_000,
}
const PATH = '/ws'
const MOST_MESSAGE_BYTES = 4 * 1024

const DESCRIBED = {
  tags: ['Live'],
  operationId: 'watchLive',
  summary: 'A WebSocket: everything that happens, as it happens.',
  description: 'Frames are JSON texts: chat_message, message_status, conversation_status, gap.',
  security: [{ token: [] }, { ticket: [] }],
  querystring: Type.Object({
    conversation_id: Type.Optional(
      Type.String({ ...ConversationKey, description: 'This conversation alone; without it all of them.' }),
    ),
    after: Type.Optional(
      Type.String({ description: 'The id of the last frame you have: what you missed comes first.' }),
    ),
  }),
  response: {
    101: nothing('The WebSocket is open.'),
    ...refusals({
      400: 'A parameter is not as it should be, or this is no WebSocket.',
      404: 'No channel has this page.',
    }),
  },
}

export async function live(app: FastifyInstance, parts: LiveParts): Promise<void> {
  const { store, log, limits, identify, channelFor, meter } = parts
  const hub = createLiveHub(parts)
  const clients = new WeakMap<FastifyRequest, LiveClient>()

  await app.register(websocket, {
    options: {
      server: upgradesAt(app.server, PATH, parts.connections) as Server,
      maxPayload: MOST_MESSAGE_BYTES,
      perMessageDeflate: false,
      clientTracking: false,
    },
    // Protocol errors of a client end its own connection; the subscriber handles them.
    errorHandler() {},
    preClose(done) {
      hub.close()
      done()
    },
  })

  app.route({
    method: 'GET',
    url: PATH,
    schema: DESCRIBED,
    ...UNCHECKED,
    // All refusals happen before the upgrade, as ordinary HTTP errors.
    async onRequest(request) {
      const { ticket, conversation_id, after } = fieldsOf(request.query)
      const key = await admit(request, ticket || null)
      const id = conversation_id ? idOf(conversation_id) : null
      if (!request.ws) return
      const client = await hub.enter(key, id, after || null)
      clients.set(request, client)
      meter.liveClients(hub.size)
      const leave = (): void => {
        hub.leave(client)
        meter.liveClients(hub.size)
      }
      const connection = request.raw.socket
      connection.once('close', leave)
      if (connection.destroyed) leave()
    },
    async handler() {
      throw new RouterError('invalid_request', 'This is a WebSocket: connect with a WebSocket client.')
    },
    wsHandler(socket, request) {
      const client = clients.get(request)!
      const facts = { req_id: request.id, conversation_id: client.id }
      const since = performance.now()
      log.info(facts, 'live client came')
      socket.on('close', (code) => {
        log.info({ ...facts, code, seconds: Math.round((performance.now() - since) / 1000) }, 'live client went')
      })
      client.attach(socket)
    },
  })

  /** Authenticates the client; returns the key of its token, or of the token that its ticket was issued to. */
  async function admit(request: FastifyRequest, ticket: string | null): Promise<string> {
    if (ticket === null) return (await identify(request, 'api')).key
    const key = isTicket(ticket) ? await store.takeTicket(ticket) : null
    if (key !== null) return key
    await limits.failure(request)
    throw new RouterError('unauthorized', 'This ticket was used, has expired or never existed: ask for another one.')
  }

  function idOf(text: string): ConversationId {
    const id = conversationIdIn(text)
    channelFor(id)
    return id
  }
}
