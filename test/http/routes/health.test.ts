import Fastify from 'fastify'
import t from 'tap'
import { RouterError } from '../../../src/engine/ports.js'
import { createErrorHandler } from '../../../src/http/edge/errors.js'
import { health } from '../../../src/http/routes/health.js'
import { createDoor } from '../../fixtures/door.js'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

t.test('liveness and readiness are separate', async (t) => {
  let isDraining = false
  let isAway = false
  const app = Fastify()
  app.setErrorHandler(createErrorHandler(quiet, () => {}))
  await app.register(health, {
    store: {
      ...createDoor().store,
      async check() {
        if (isAway) throw new RouterError('store_unavailable', 'The store is out of reach.')
      },
    },
    isDraining: () => isDraining,
    version: '1.2.3',
  })
  const ask = async (path: string) => {
    const { statusCode, payload } = await app.inject(path)
    return { status: statusCode, json: JSON.parse(payload) }
  }

  t.match(await ask('/health'), { status: 200, json: { status: 'ok', version: '1.2.3', uptime_seconds: 0 } })
  t.same(await ask('/health/ready'), { status: 200, json: { status: 'ok' } })

  isAway = true
  t.match(await ask('/health'), { status: 200 })
  t.same(await ask('/health/ready'), {
    status: 503,
    json: { status: 'error', code: 'store_unavailable', message: 'The store is out of reach.' },
  })

  isAway = false
  isDraining = true
  t.match(await ask('/health'), { status: 200 })
  t.match(await ask('/health/ready'), { status: 503, json: { status: 'error', code: 'draining' } })
})
