import { parseArgs } from 'node:util'
import { PLAY } from './demo/play.js'
import { runDemo } from './demo/run.js'
import { openStage } from './demo/stage.js'

/** The process of `npm run demo`: plays the scenes, then offers the prompt. */

const USAGE = `The message router between a pretend Meta and a pretend Dify, to look at and to play with:

  npm run demo             plays a short conversation, then stays up to be played with
  npm run demo -- --once   plays it and ends; exit code 0 if everything came out right
`

/** Time to read. Must be longer than FLAG_TAIL, or the person's message would pass for the workflow's next part. */
const PACE_MS = 350

function optionsGiven() {
  try {
    return parseArgs({
      options: { once: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    }).values
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`)
    process.exit(1)
  }
}

const options = optionsGiven()
if (options.help) {
  process.stdout.write(USAGE)
  process.exit(0)
}

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())

// Passes on only the variables that a process needs: the demo sets the router's settings itself.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(path|systemroot)$/i.test(name)))
const { stdin, stdout } = process
const code = await runDemo({
  play: PLAY,
  isOnce: options.once,
  open: () => openStage({ node: process.execPath, env: env as Record<string, string> }),
  input: stdin,
  output: stdout,
  isTerminal: [stdin, stdout].every(({ isTTY }) => isTTY),
  isColoured: [stdout.isTTY, !process.env['NO_COLOR']].every(Boolean),
  paceMs: PACE_MS,
  stop: stop.signal,
})
process.exit(code)
