import { readFileSync } from 'node:fs'
import { getHeapStatistics } from 'node:v8'
import type { App } from './app.js'
import { tuneCollector } from './collector.js'
import { readConfig } from './config.js'
import { RouterError } from './engine/ports.js'
import { createLog } from './log.js'
import { createLogOutput } from './log-output.js'

/** The process: settings, app, listen, drain. */

tuneCollector(process)

const read = () => readConfig(process.env, (path) => readFileSync(path, 'utf8'))
const result = read()
if (result.is === 'bad') {
  const problems = result.problems.map((problem) => `  - ${problem}\n`).join('')
  process.stderr.write(
    `The message router cannot start:\n${problems}\n` +
      'To look at all settings: npm run check-config, or message-router check\n' +
      'To see it at work without any: npm run demo, or message-router demo\n',
  )
  process.exit(1)
}
const { config, warnings } = result
// Not the bare number 1: Node.js makes a pipe non-blocking only when it opens the stream, and a write to one that blocks
// holds the whole process as long as the reader of the log takes nothing.
const output = createLogOutput(process.stdout.fd)
process.on('exit', () => output.flush())
const log = createLog(config.logLevel, output)
for (const warning of warnings) log.warn(warning)

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
// Loading the app is most of the start. A signal that comes meanwhile has its handlers already: without them SIGHUP, the
// usual signal for a reload, would end the process, and the first process of a container would not notice a SIGTERM.
const creating = import('./app.js').then(({ createApp }) =>
  createApp({
    config,
    log,
    version,
    heapLimitBytes: getHeapStatistics().heap_size_limit,
    onFatal(message) {
      log.fatal(message)
      process.exit(1)
    },
  }),
)
const running = creating.then(listen, giveUp)
let signals = 0
/** A process with nothing in hand has this long to stop, also with SHUTDOWN_GRACE=0. */
const IDLE_STOP_MS = 250

process.on('SIGHUP', () => creating.then(reload))
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    signals += 1
    if (signals > 1) process.exit(1)
    log.info({ signal }, 'stopping: no new requests, finishing those in hand')
    setTimeout(
      () => {
        log.error({ grace_ms: config.shutdownGraceMs }, 'did not finish within SHUTDOWN_GRACE')
        process.exit(1)
      },
      Math.max(config.shutdownGraceMs, IDLE_STOP_MS),
    ).unref()
    // A rejection is unhandled on purpose: it ends the process with its stack.
    running.then((app) => app.stop()).then(() => log.info('stopped'))
  })
}

await running

/** A process that was told to stop meanwhile does not begin to listen. */
async function listen(app: App): Promise<App> {
  if (signals > 0) return app
  const { host, port } = config
  try {
    await app.server.listen({ host, port, listenTextResolver: (address) => `listening on ${address}` })
  } catch (error) {
    const { message } = error as Error
    log.fatal(`cannot listen on ${host}:${port} (${message}): set HOST and PORT, or stop what listens there`)
    process.exit(1)
  }
  return app
}

function giveUp(error: unknown): never {
  // A RouterError says what to do; anything else ends the process with its stack.
  if (!(error instanceof RouterError)) throw error
  log.fatal(error.message)
  process.exit(1)
}

/** Applies all of the new settings or none. */
function reload(app: App): void {
  const again = read()
  for (const warning of again.warnings) log.warn(warning)
  if (again.is === 'ok') app.reload(again.config)
  else {
    // A reload reads files again, but a running process never gets new environment variables: the message says so.
    const bad = 'nothing has changed, the settings are bad (a new variable takes a restart, a file does not)'
    log.error({ problems: again.problems }, `${bad}: ${again.problems.join('; ')}`)
  }
}
