import type { FastifyRequest } from 'fastify'
import type { Log, RouterError } from '../../engine/ports.js'

/**
 * A line for what was refused: a wrong app secret shows nowhere else, and Meta unsubscribes after an hour of it. The same
 * again from the same address is counted and said once a minute, so that nobody can fill the log.
 */
export type LogRefusal = (failure: RouterError, request: FastifyRequest) => void

const QUIET_MS = 60_000
const MOST_KINDS = 1_000

export function createLogRefusal(log: Log, now: () => number): LogRefusal {
  const said = new Map<string, { at: number; unsaid: number }>()

  return (failure, request) => {
    const kind = `${failure.code} ${request.ip}`
    const last = said.get(kind)
    if (last !== undefined && now() - last.at < QUIET_MS) {
      last.unsaid += 1
      return
    }
    if (said.size >= MOST_KINDS) said.clear()
    said.set(kind, { at: now(), unsaid: 0 })
    const { method, ip, id } = request
    const facts = { req_id: id, code: failure.code, method, route: request.routeOptions.url, address: ip }
    log.warn({ ...facts, more: last?.unsaid ?? 0 }, `request refused: ${failure.message}`)
  }
}
