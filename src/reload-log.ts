import type { Reloaded } from './config/reload.js'
import type { Log } from './engine/ports.js'

/** Ids shown per list in the reload's log line. */
const MOST_IDS = 50

export function tellReload({ config, added, removed, changed, settings, needsRestart }: Reloaded, log: Log): void {
  const [news, gone, others] = [added, removed, changed].map((ids) => ids.slice(0, MOST_IDS))
  log.info(
    { channels: config.channels.size, added: news, removed: gone, changed: others, settings },
    `settings read again; channels: ${added.length} added, ${removed.length} removed, ${changed.length} changed`,
  )
  if (needsRestart.length > 0) {
    log.warn({ settings: needsRestart }, `${needsRestart.join(', ')} changed, which takes a restart to have an effect`)
  }
}
