import type { FastifyInstance } from 'fastify'
import { RouterError, type Store } from '../../engine/ports.js'
import { Type } from '../../schema.js'
import { answerObject, refusals } from '../shapes.js'

const TAGS = ['Operating']
const ALIVE = {
  tags: TAGS,
  operationId: 'getHealth',
  summary: 'Is the process alive?',
  response: {
    200: answerObject('It is; nothing else was looked at.', {
      status: Type.Literal('ok'),
      version: Type.String(),
      uptime_seconds: Type.Integer(),
    }),
  },
}
const READY = {
  tags: TAGS,
  operationId: 'getReadiness',
  summary: 'Can it take work?',
  response: {
    200: answerObject('It can.', { status: Type.Literal('ok') }),
    ...refusals({ 503: 'It cannot: store_unavailable, store_full or draining.' }),
  },
}

/** `/health`: the process is alive. `/health/ready`: it can take work. */
export async function health(
  app: FastifyInstance,
  parts: { readonly store: Store; readonly isDraining: () => boolean; readonly version: string },
): Promise<void> {
  const { store, isDraining, version } = parts
  const startedAt = performance.now()

  app.get('/health', { schema: ALIVE }, async () => ({
    status: 'ok',
    version,
    uptime_seconds: Math.floor((performance.now() - startedAt) / 1000),
  }))

  app.get('/health/ready', { schema: READY }, async () => {
    if (isDraining()) throw new RouterError('draining', 'This process is shutting down.')
    await store.check()
    return { status: 'ok' }
  })
}
