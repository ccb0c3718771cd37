import { type Logger, pino } from 'pino'
import { isoTime } from './iso-time.js'
import { jsonString } from './json.js'
import type { LogOutput } from './log-output.js'

/**
 * pino, with a short way for the lines whose facts are plain values: almost all, among them the one that each webhook
 * item causes. The line is the same, letter by letter, for less than half of the cost; what needs more than that, an error
 * say, goes pino's way.
 */
export function createLog(level: string, output: Pick<LogOutput, 'write'>, now: () => number = Date.now): Logger {
  const timestamp = (): string => `,"time":"${isoTime(now())}"`
  const log = pino({ level, base: null, timestamp }, output)
  for (const name of ['debug', 'info', 'warn', 'error'] as const) {
    if (!log.isLevelEnabled(name)) continue
    const byPino = log[name] as (this: Logger, ...given: unknown[]) => void
    const opening = `{"level":${log.levels.values[name]}`
    log[name] = function (this: Logger, facts: unknown, message?: unknown, ...more: unknown[]): void {
      // A child of the log has members of its own.
      const isShort = this === log && typeof message === 'string' && more.length === 0
      const members = isShort ? membersOf(facts) : null
      if (members === null) byPino.call(this, facts, message, ...more)
      else output.write(`${opening}${timestamp()}${members},"msg":`, `${jsonString(message as string)}}\n`)
    }
  }
  return log
}

/** The members of an object of plain values as JSON, each with a comma before it; null for anything else. */
function membersOf(facts: unknown): string | null {
  if (typeof facts !== 'object' || facts === null || Object.getPrototypeOf(facts) !== Object.prototype) return null
  let members = ''
  for (const key in facts) {
    const value = (facts as Record<string, unknown>)[key]
    switch (typeof value) {
      case 'string':
        members += `${nameOf(key)}${jsonString(value)}`
        break
      case 'boolean':
        members += `${nameOf(key)}${value}`
        break
      case 'number':
        members += `${nameOf(key)}${Number.isFinite(value) ? value : null}`
        break
      default:
        if (value !== null) return null
        members += `${nameOf(key)}null`
    }
  }
  return members
}

/** The names of facts stand in the code, so that there are few. */
const names = new Map<string, string>()

function nameOf(key: string): string {
  let name = names.get(key)
  if (name === undefined) {
    name = `,${JSON.stringify(key)}:`
    names.set(key, name)
  }
  return name
}
