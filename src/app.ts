import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { readAnswer } from './answer/answer.js'
import { reloaded } from './config/reload.js'
import type { Config } from './config.js'
import { consolePage } from './console/serve.js'
import { type ConversationId, pageOf } from './conversation/ids.js'
import { createDifyClient } from './dify/client.js'
import { createEngine } from './engine/engine.js'
import type { Log } from './engine/ports.js'
import { RouterError } from './engine/ports.js'
import { REAL_TIMERS } from './engine/timers.js'
import { api } from './http/api.js'
import { channelJson } from './http/channel-connection.js'
import { createApiKeys } from './http/edge/api-keys.js'
import { createIdentify, type Identify } from './http/edge/auth.js'
import { createReadBody } from './http/edge/bodies.js'
import { createErrorHandler } from './http/edge/errors.js'
import { createGuesses } from './http/edge/guesses.js'
import { createLimits } from './http/edge/limits.js'
import { answerUnknownRoutes } from './http/edge/not-found.js'
import { createLogRefusal } from './http/edge/refusal-log.js'
import { conversationJson, messageJson } from './http/json.js'
import { LIVE_BOUNDS, live } from './http/live/route.js'
import { createMetrics } from './http/meter.js'
import { useConsoleLogin } from './http/routes/console-logins.js'
import { health as healthRoutes } from './http/routes/health.js'
import { metrics } from './http/routes/metrics.js'
import { openapi, recordRoutes } from './http/routes/openapi.js'
import { createServer } from './http/server.js'
import { tellRoutes } from './http/tell-routes.js'
import { createConversationReader } from './meta/conversations.js'
import { createGraph } from './meta/graph.js'
import { createOnlyAccount } from './meta/only-account.js'
import { createProfileFinder } from './meta/profile.js'
import { createVerify } from './meta/signature.js'
import { createTakeDelivery } from './meta/take-delivery.js'
import { createVoiceFetcher } from './meta/voice.js'
import { createWebhook } from './meta/webhook.js'
import { createNotifications } from './notify/notifications.js'
import { createPoster } from './notify/post.js'
import { openStore } from './open-store.js'
import { openTokens } from './open-tokens.js'
import { tellReload } from './reload-log.js'
import { traced } from './tracing/traced.js'
import { createTracing } from './tracing/tracing.js'

/** The only place where parts are chosen and joined. */
export interface App {
  readonly server: FastifyInstance
  /** Applies the settings that can change at run time; work under way finishes with the old ones. */
  reload(read: Config): void
  /** Stops taking work, and resolves when the work in hand is done. */
  stop(): Promise<void>
}

/** Starts the process metrics after the first requests were served, since their observers cost time at start. */
const WATCH_AFTER_MS = 1_000
const CLOSE_WAITING_EVERY_MS = 50
/**
 * During a stop, a request of which only a part has arrived gets this long for the rest, so that its sender need not
 * repeat it.
 */
const HALF_REQUEST_MS = 500

export async function createApp(parts: {
  readonly config: Config
  readonly log: Log & FastifyBaseLogger
  readonly version: string
  readonly heapLimitBytes: number
  /** Called for a failure that retrying cannot resolve: the process should exit with this message. */
  readonly onFatal: (message: string) => void
}): Promise<App> {
  const { log } = parts
  let { config } = parts
  let isDraining = false

  const endpoint = config.tracesEndpoint
  const tracing = endpoint === null ? null : await createTracing({ endpoint, version: parts.version, log })
  const meter = createMetrics(parts.version, config.metricsChannels ? config.channels.keys() : null)
  const opened = await openStore(config, parts.heapLimitBytes, log, meter, undefined, parts.onFatal)
  const { store, shared } = opened
  const sender = createGraph({ clock: store.now })
  const assistant = createDifyClient({ now: store.now })
  const ports = traced(tracing, { store, sender, assistant })
  const finder = createProfileFinder()
  const voices = createVoiceFetcher()
  const tokens = openTokens(config, { store, probe: (ids) => probes.soon(ids), log, timers: REAL_TIMERS })
  const { channels } = tokens
  const channelOf = (id: ConversationId) => channels.get(pageOf(id))
  const notifications = createNotifications({
    store,
    global: () => config.notify,
    channels,
    show: { conversation: conversationJson, message: messageJson, channel: channelJson },
    poster: createPoster({ version: parts.version }),
    log,
    meter,
    timers: REAL_TIMERS,
    random: Math.random,
  })
  const engine = createEngine({
    ...ports,
    heirs: opened.heirs,
    readAnswer,
    finder,
    voices,
    prober: tokens.prober,
    probed: tokens.probed,
    tokenRefused: tokens.refused,
    reader: createConversationReader({ now: store.now }),
    notifier: notifications,
    channels,
    log,
    meter,
    timers: REAL_TIMERS,
    random: Math.random,
  })
  const { receive, probes } = engine

  const { server, connections, direct } = createServer({
    trustProxy: config.trustProxy,
    mostConnections: config.limits.connections,
    durations: meter.durations,
    log,
    onError: createErrorHandler(log, createLogRefusal(log, Date.now)),
  })
  server.addHook('onListen', async () => void setTimeout(meter.watchProcess, WATCH_AFTER_MS).unref())
  const limits = createLimits(config.api, shared)
  const readBody = createReadBody(config.limits.bodyBytes)
  const guesses = createGuesses(Date.now, wait)
  const apiKeys = createApiKeys(config.api.tokens)
  const verifyWith = ({ meta }: Config) => createVerify(meta.appSecrets)
  const identifyWith = ({ api: { tokens, difyTokens, auth }, channels }: Config) =>
    createIdentify({ api: tokens, dify: difyTokens, channels: channels.values() }, auth === 'none', limits, guesses)
  let verify = verifyWith(config)
  let identify = identifyWith(config)
  const identifyNow: Identify = (request, access) => identify(request, access)
  const routes = answerUnknownRoutes(server, identifyNow, '/console')
  const described = recordRoutes(server)
  const takeDelivery = createTakeDelivery({
    receive,
    store,
    channelWith: channels.get,
    log,
    meter,
  })
  const webhook = createWebhook({
    verify: (body, header) => verify(body, header),
    readBody,
    verifyToken: () => config.meta.verifyToken,
    onlyAccount: createOnlyAccount(channels.all),
    takeDelivery,
    meter,
    traceWebhook: ports.traceWebhook,
    refusalOf: direct.refusalOf,
    onForged: limits.failure,
  })
  await server.register(webhook.routes)
  direct.serve(webhook.deliveries)
  const apiParts = {
    store,
    receive,
    log,
    limits,
    readBody,
    identify: identifyNow,
    erase: engine.erase,
    giveFeedback: engine.giveFeedback,
    wantProfile: engine.profiles.want,
    channelOf,
    channelFor: (id: ConversationId) => {
      const channel = channelOf(id)
      if (channel === undefined)
        throw new RouterError('unknown_channel', 'No channel has this page id; check the settings.')
      return channel
    },
    allChannels: channels.all,
    readTokens: tokens.read,
  }
  await server.register(api, apiParts)
  await server.register(live, { ...apiParts, apiKeys, connections, bounds: LIVE_BOUNDS, meter })
  await server.register(metrics, {
    ...apiParts,
    metrics: meter,
    openCircuits: () => engine.ask.openCircuits(channels.all()),
    waitingNotifications: notifications.waiting,
    fileBytes: opened.fileBytes,
  })
  await server.register(useConsoleLogin, { store, limits, log })
  await server.register(openapi, { routes: described, version: parts.version })
  await server.register(consolePage, { log })
  await server.register(healthRoutes, { store, isDraining: () => isDraining, version: parts.version })
  await server.ready()
  tellRoutes(routes(), log)
  // The records of the store come first: work that waits must not be sent with a token that has ended.
  const starting = tokens.start().then(() => {
    if (isDraining) return
    engine.start()
    probes.start()
  })
  notifications.start()

  let stopping: Promise<void> | null = null

  async function stop(): Promise<void> {
    isDraining = true
    engine.beginDrain()
    const probing = Promise.all([tokens.stop(), starting, probes.stop()])
    // Repeated, since a connection that was busy is kept open for its next request.
    const stoppedAt = performance.now()
    const closeWaiting = (): void =>
      connections.closeWaiting({ halfRequests: performance.now() - stoppedAt >= HALF_REQUEST_MS })
    closeWaiting()
    const closing = setInterval(closeWaiting, CLOSE_WAITING_EVERY_MS)
    await server.close()
    clearInterval(closing)
    await engine.drain()
    await notifications.stop()
    await probing
    for (const part of [sender, finder, voices, assistant]) await part.close()
    await tracing?.close()
    await store.close()
  }

  return {
    server,
    reload(read) {
      const news = reloaded(config, read)
      config = news.config
      verify = verifyWith(config)
      identify = identifyWith(config)
      apiKeys.replace(config.api.tokens)
      opened.reload(config)
      tokens.reload(config)
      meter.keepChannels(config.channels.keys())
      notifications.reload()
      engine.changed([...news.added, ...news.changed])
      tellReload(news, log)
    },
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}
