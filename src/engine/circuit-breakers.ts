import type { Assistant, Channel } from '../conversation/channel.js'
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.js'
import type { Log } from './ports.js'
import type { AskReply } from './providers.js'

/** One circuit breaker per channel and Dify app: one app may hang while others on the same Dify server work. */
export interface CircuitBreakers {
  /**
   * The earliest time at which a question may be asked; now or earlier means at once. When half open, grants the
   * probe to this caller.
   */
  acquire(channel: Channel, assistant: Assistant): number
  /** Records that a question was sent; the returned function records its reply. */
  began(channel: Channel, assistant: Assistant): (reply: AskReply) => void
  /** The number of open circuits. */
  readonly open: number
}

export function createCircuitBreakers(parts: { readonly now: () => number; readonly log: Log }): CircuitBreakers {
  const { now, log } = parts
  const circuits = new Map<string, CircuitBreaker>()

  function circuitOf(channel: Channel, { url, key }: Assistant): CircuitBreaker {
    const name = `${channel.id} ${url} ${key}`
    let circuit = circuits.get(name)
    if (circuit === undefined) {
      circuit = createCircuitBreaker()
      circuits.set(name, circuit)
    }
    return circuit
  }

  return {
    acquire: (channel, assistant) => circuitOf(channel, assistant).acquire(now()),
    began(channel, assistant) {
      const circuit = circuitOf(channel, assistant)
      circuit.began()
      return (reply) => {
        const wasOpen = circuit.isOpen()
        circuit.ended(worked(reply), now())
        if (wasOpen === circuit.isOpen()) return
        if (wasOpen) log.info({ channel: channel.id }, 'Dify answers again')
        else {
          const what = 'Dify does not work: questions wait, one at a time finds out whether it does'
          log.error({ channel: channel.id }, what)
        }
      }
    },
    get open() {
      return [...circuits.values()].filter((circuit) => circuit.isOpen()).length
    },
  }
}

/** Whether the assistant worked; null when the reply says nothing about it. */
function worked(reply: AskReply): boolean | null {
  if (reply.is === 'cancelled' || reply.is === 'stale') return null
  return reply.is !== 'unknown' && !(reply.is === 'not_started' && reply.isDown)
}
