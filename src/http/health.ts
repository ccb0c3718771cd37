import type { FastifyInstance } from 'fastify'
import { RouterError, type Store } from '../engine/ports.js'

/** `/health`: this process lives. `/health/ready`: it can take work. */
export async function health(
  app: FastifyInstance,
  parts: { readonly store: Store; readonly isDraining: () => boolean; readonly version: string },
): Promise<void> {
  const { store, isDraining, version } = parts
  const startedAt = performance.now()

  app.get('/health', async () => ({
    status: 'ok',
    version,
    uptime_seconds: Math.floor((performance.now() - startedAt) / 1000),
  }))

  app.get('/health/ready', async () => {
    if (isDraining()) throw new RouterError('draining', 'This process is shutting down.')
    await store.check()
    return { status: 'ok' }
  })
}
