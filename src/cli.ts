#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { runCommand } from './cli/run.js'

/** The process of the command `message-router`. */

/** Longer lines are hard to read; shorter ones than this nothing fits into. */
const [NARROWEST, WIDEST] = [50, 110]

const { stdin, stdout, stderr, env } = process
for (const stream of [stdout, stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // `message-router list | head`: whoever reads has read enough.
    if (code === 'EPIPE') process.exit(0)
    stderr.write(`Cannot write: ${message}\n`)
    process.exit(1)
  })
}
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const outcome = await runCommand(process.argv.slice(2), {
  env,
  readFile: (path) => readFileSync(path, 'utf8'),
  input: stdin,
  output: stdout,
  errors: stderr,
  hasScreen: Boolean(stdout.isTTY),
  isTerminal: [stdin, stdout].every(({ isTTY }) => isTTY),
  isColoured: [stdout.isTTY, !env['NO_COLOR']].every(Boolean),
  width: Math.min(WIDEST, Math.max(NARROWEST, stdout.columns || WIDEST)),
  version,
  node: process.execPath,
  onSignal: (signal, act) => void process.on(signal, act),
})
// What was written is handed over first; where it cannot be, that is said above.
if (outcome !== 'runs on') stdout.write('', (error) => error || process.exit(outcome))
