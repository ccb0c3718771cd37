#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { runCommand } from './cli/run.js'

/** The process of the command `message-router`. */

/** Limits for the width of the output: the help does not fit into less, and longer lines are hard to read. */
const [NARROWEST, WIDEST] = [50, 110]

const { stdin, stdout, stderr, env } = process
for (const stream of [stdout, stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // The reader has closed the pipe, as in `message-router list | head`.
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
// Exits once all output is flushed; a write error ends the process in the handler above.
if (outcome !== 'runs on') stdout.write('', (error) => error || process.exit(outcome))
