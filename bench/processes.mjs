// Processes of the benchmark: servers on one core, everything else on the other, and what they used of them.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

export const SERVER_CORE = 0
export const OTHER_CORE = 1

export const canPin = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0

export function pinned(core, command, args) {
  return canPin ? ['taskset', ['-c', String(core), command, ...args]] : [command, args]
}

const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Ends the process with the benchmark, also when that fails. */
export function endWithUs(child) {
  running.add(child)
  child.once('exit', () => running.delete(child))
}

let started = 0

/** Starts a script that says where it listens, as the router does. */
export async function startServer(script, env, scratch, nodeOptions = []) {
  started += 1
  const log = join(scratch, `server-${started}.log`)
  writeFileSync(log, '')
  const startedAt = performance.now()
  const [command, args] = pinned(SERVER_CORE, process.execPath, [...nodeOptions, script])
  const server = spawn(command, args, {
    // As the image sets it.
    env: { PATH: process.env.PATH, NODE_OPTIONS: '--v8-pool-size=1 --max-semi-space-size=16', ...env },
    stdio: ['ignore', openSync(log, 'w'), openSync(`${log}.errors`, 'w')],
  })
  endWithUs(server)
  const exited = once(server, 'exit')
  for (let i = 0; i < 3_000; i++) {
    const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(log, 'utf8'))?.[1]
    if (port !== undefined) {
      return {
        pid: server.pid,
        port: Number(port),
        startMs: performance.now() - startedAt,
        errorsSoFar: () => readFileSync(`${log}.errors`, 'utf8'),
        async stop() {
          server.kill('SIGTERM')
          await exited
        },
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  server.kill('SIGKILL')
  throw new Error(`${script} did not start:\n${readFileSync(log, 'utf8')}${readFileSync(`${log}.errors`, 'utf8')}`)
}

/** Microseconds of processor time that a process and its threads have used, or null where the system does not tell. */
export function cpuOf(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, id) => sum + nanosecondsOf(`/proc/${pid}/task/${id}/schedstat`), 0) / 1000
  } catch {
    return null
  }
}

function nanosecondsOf(path) {
  return Number(readFileSync(path, 'utf8').split(' ', 1)[0])
}
