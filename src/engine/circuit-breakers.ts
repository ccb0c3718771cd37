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
  /** How many of these channels have an open circuit to their present assistant. */
  open(channels: Iterable<Channel>): number
}

export function createCircuitBreakers(parts: { readonly now: () => number; readonly log: Log }): CircuitBreakers {
  const { now, log } = parts
  const circuits = new Map<string, CircuitBreaker>()

  function circuitOf(channel: Channel, assistant: Assistant): CircuitBreaker {
    const name = nameOf(channel, assistant)
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
          const what =
            'Dify does not work: questions wait a minute at the most, and one at a time tests whether it works again'
          log.error({ channel: channel.id }, what)
        }
      }
    },
    open(channels) {
      let count = 0
      for (const channel of channels) {
        const { assistant } = channel
        if (assistant !== null && circuits.get(nameOf(channel, assistant))?.isOpen()) count += 1
      }
      return count
    },
  }
}

function nameOf({ id }: Channel, { url, key }: Assistant): string {
  return `${id} ${url} ${key}`
}

/** Whether the assistant worked; null when the reply says nothing about it. */
function worked(reply: AskReply): boolean | null {
  if (reply.is === 'cancelled' || reply.is === 'stale') return null
  return reply.is !== 'unknown' && !(reply.is === 'not_started' && reply.isDown)
}
