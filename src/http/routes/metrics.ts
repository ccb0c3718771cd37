import type { FastifyInstance } from 'fastify'
import type { Channel } from '../../conversation/channel.js'
import type { ChannelFacts, Store } from '../../engine/ports.js'
import { Type } from '../../schema.js'
import { isConnected } from '../channel-connection.js'
import { askForToken, type Identify } from '../edge/auth.js'
import { CONTENT_TYPE, type Metrics } from '../meter.js'
import type { InStore, Readings } from '../metrics/readings.js'

/** `GET /metrics` for Prometheus. When the store is unreachable it says so, and still returns all counters. */

export interface MetricsParts {
  readonly metrics: Metrics
  readonly store: Pick<Store, 'depth' | 'channelFacts'>
  readonly identify: Identify
  readonly allChannels: () => Iterable<Channel>
  readonly openCircuits: () => number
  readonly waitingNotifications: () => Readings['notifications']
  readonly fileBytes: () => number | null
}

const DESCRIBED = {
  tags: ['Operating'],
  operationId: 'getMetrics',
  summary: 'Everything that is counted, for Prometheus.',
  response: { 200: { description: 'Its text format.', content: { 'text/plain': { schema: Type.String() } } } },
}

export async function metrics(app: FastifyInstance, parts: MetricsParts): Promise<void> {
  const { metrics, store, identify, allChannels, openCircuits, waitingNotifications, fileBytes } = parts
  askForToken(app, identify)

  app.get('/metrics', { schema: DESCRIBED }, async (_request, reply) => {
    metrics.show(await look())
    return reply.type(CONTENT_TYPE).send(await metrics.text())
  })

  async function look(): Promise<Readings> {
    const known = { openCircuits: openCircuits(), notifications: waitingNotifications(), fileBytes: fileBytes() }
    try {
      const ids = [...allChannels()].map(({ id }) => id)
      const [depth, facts] = await Promise.all([
        store.depth(),
        Promise.all(ids.map((id): ChannelFacts | Promise<ChannelFacts> => store.channelFacts(id))),
      ])
      return { ...known, store: { depth, channels: seenOf(ids, facts) } }
    } catch {
      return { ...known, store: null }
    }
  }
}

function seenOf(ids: readonly string[], facts: readonly ChannelFacts[]): InStore['channels'] {
  return new Map(
    facts.map((each, i) => {
      const { lastInboundAt, lastEchoAt } = each
      return [ids[i]!, { isConnected: isConnected(each), lastInboundAt, lastEchoAt }]
    }),
  )
}
