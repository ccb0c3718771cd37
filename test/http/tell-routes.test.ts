import t from 'tap'
import { tellRoutes } from '../../src/http/tell-routes.js'

t.test('the routes are told in the words that operators look for', async (t) => {
  const lines: string[] = []
  const log = { debug() {}, warn() {}, error() {}, info: (_: object, message: string) => void lines.push(message) }
  tellRoutes(['GET /health', 'POST /api/mark-bot-response'], log)
  t.same(lines, ['📍 Registered routes: GET /health, POST /api/mark-bot-response (Instagram Bot Flag)'])
})
