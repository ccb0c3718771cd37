import type { QueuedNotification } from '../engine/ports.js'
import type { Fifo } from './fifo.js'

export interface Lane {
  readonly target: string
  readonly subject: string
  readonly first: QueuedNotification
}

export interface OwnLane extends Lane {
  readonly waiting: QueuedNotification[]
  /** Failed attempts of the lane's first notification. */
  failures: number
  /** When the lane's first notification is to be retried; 0 for at once. */
  dueAt: number
  is: 'ready' | 'resting' | 'busy' | 'over'
}

export interface Line {
  readonly ready: Fifo<OwnLane>
  readonly resting: Set<OwnLane>
  /** The earliest retry among the lanes that wait for one. */
  nextDueAt: number
  busy: number
  failuresInRow: number
}
