import type { Count } from '../conversation/counts.js'
import type { NotificationOutcome } from './notifications.js'

/** Counts what happens, for the metrics. */
export interface Meter {
  /** `many` items of a webhook, one where it is left out. */
  item(
    event: string,
    outcome: 'accepted' | 'duplicate' | 'ignored',
    reason: string | null,
    channelId: string | null,
    many?: number,
  ): void
  /** Everything in a delivery was committed, so long after it came. */
  committed(ms: number): void
  /** The counts of a decision that this process committed. */
  decided(channelId: string, counts: readonly Count[]): void
  run(channelId: string, outcome: string, ms: number): void
  send(channelId: string, outcome: string): void
  liveClients(many: number): void
  /** How long after its due time a conversation was woken. */
  woken(lagMs: number): void
  /** What became of a try to deliver a notification, or of the notification without one. */
  notification(outcome: NotificationOutcome): void
}
