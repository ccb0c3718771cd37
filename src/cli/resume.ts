import type { Run } from './command.js'
import { switchBot } from './switch-bot.js'

export const run: Run = (line, world) => switchBot(line, world, { enabled: true })
