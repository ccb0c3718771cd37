import type { Count } from '../conversation/counts.js'
import type { NotificationOutcome } from './notifications.js'

/** Counts events for the metrics. */
export interface Meter {
  /** Counts `many` items of a webhook; one by default. */
  item(
    event: string,
    outcome: 'accepted' | 'duplicate' | 'ignored',
    reason: string | null,
    channelId: string | null,
    many?: number,
  ): void
  /** Records how long it took from the arrival of a delivery until all of it was committed. */
  committed(ms: number): void
  /** Records the counts of a decision that this process committed. */
  decided(channelId: string, counts: readonly Count[]): void
  run(channelId: string, outcome: string, ms: number): void
  send(channelId: string, outcome: string): void
  liveClients(many: number): void
  /** Records how long after its due time a conversation was woken. */
  woken(lagMs: number): void
  /** Records the outcome of one delivery attempt, or why a notification was given up without one. */
  notification(outcome: NotificationOutcome): void
}
