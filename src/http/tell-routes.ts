import type { Log } from '../engine/ports.js'

/** Operators of the earlier systems look for this line. */
export function tellRoutes(routes: readonly string[], log: Log): void {
  log.info({}, `📍 Registered routes: ${routes.map(withName).join(', ')}`)
}

function withName(route: string): string {
  return route === 'POST /api/mark-bot-response' ? `${route} (Instagram Bot Flag)` : route
}
