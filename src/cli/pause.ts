import { FOREVER } from '../conversation/channel.js'
import { formatDuration } from '../conversation/text/duration.js'
import type { Run } from './command.js'
import { switchBot } from './switch-bot.js'

export const run: Run = (line, world) => {
  const { for: forMs = FOREVER, reason } = line.values
  return switchBot(line, world, {
    enabled: false,
    ...(forMs >= FOREVER ? {} : { for: formatDuration(forMs) }),
    ...(reason === undefined ? {} : { reason }),
  })
}
