// Runs a program that logs JSON lines, and shows them as a person reads them:
//   node scripts/readable.mjs dist/main.js
import { spawn } from 'node:child_process'
import { pipeline } from 'node:stream/promises'

// A nicety: an installation without development packages shows the lines as they are.
const { default: pretty } = await import('pino-pretty').catch(() => ({ default: () => process.stdout }))
const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['inherit', 'pipe', 'inherit'] })
// Ctrl-C reaches the program from the terminal: this one only waits for its last lines. Others come here alone.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
// The terminal is gone, and with it whoever could stop the program. It would take the signal for an order to reload.
process.on('SIGHUP', () => child.kill('SIGTERM'))
const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
const isColoured = process.stdout.isTTY && !process.env.NO_COLOR
// The routes stand in their line's text as well.
const shown = pretty({ colorize: isColoured, singleLine: true, ignore: 'routes', sync: true })
await pipeline(child.stdout, shown)
process.exitCode = await ended
