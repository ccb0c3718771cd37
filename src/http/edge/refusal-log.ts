import type { FastifyRequest } from 'fastify'
import type { Log, RouterError } from '../../engine/ports.js'
import { addressOf } from './address.js'

/**
 * Logs refused requests: nothing else reveals a wrong app secret, and Meta unsubscribes the app after an hour of
 * refusals. Repeats from one address, and refusals from many addresses together, are counted and logged once a
 * minute, so that nobody can fill the log.
 */
export type LogRefusal = (failure: RouterError, request: FastifyRequest) => void

const QUIET_MS = 60_000
const MOST_KINDS = 1_000
const MOST_LINES = 2_000

export function createLogRefusal(log: Log, now: () => number): LogRefusal {
  const said = new Map<string, { at: number; unsaid: number }>()

  let lines = { since: Number.NEGATIVE_INFINITY, count: 0, unsaid: 0 }

  return (failure, request) => {
    const address = addressOf(request)
    const kind = `${failure.code} ${address}`
    const last = said.get(kind)
    const at = now()
    if (last !== undefined && at - last.at < QUIET_MS) {
      last.unsaid += 1
      return
    }
    if (at - lines.since >= QUIET_MS) {
      if (lines.unsaid > 0)
        log.warn({ more: lines.unsaid }, 'requests refused, from too many addresses for a line each')
      lines = { since: at, count: 0, unsaid: 0 }
    }
    if (lines.count >= MOST_LINES) {
      lines.unsaid += 1
      return
    }
    lines.count += 1
    if (said.size >= MOST_KINDS) said.clear()
    said.set(kind, { at, unsaid: 0 })
    const { method, id } = request
    const facts = { req_id: id, code: failure.code, method, route: request.routeOptions.url, address }
    log.warn({ ...facts, more: last?.unsaid ?? 0 }, `request refused: ${failure.logged}`)
  }
}
