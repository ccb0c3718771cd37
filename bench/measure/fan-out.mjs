// WebSocket clients that follow everything: what a message costs with so many of them, and the answer to the webhook
// meanwhile, at a rate at which about twenty thousand frames leave in a second.
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { canPin, cpuOf, OTHER_CORE } from '../processes.mjs'
import { TOKEN } from '../requests.mjs'

const FRAMES_PER_SECOND = 20_000
const MOST_PER_SECOND = 1_000

export async function fanOut(stage, { clients, seconds }) {
  const rows = []
  for (const count of clients) {
    const server = await stage.start('memory')
    const options = JSON.stringify({ port: server.port, token: TOKEN, clients: count })
    const listeners = fork(join(import.meta.dirname, '../listeners.mjs'), [options], { execArgv: [] })
    if (canPin) spawnSync('taskset', ['-a', '-p', '-c', String(OTHER_CORE), String(listeners.pid)])
    await once(listeners, 'message')
    const perSecond = Math.min(MOST_PER_SECOND, FRAMES_PER_SECOND / count)
    const messages = Math.ceil(perSecond * seconds)
    const job = { kind: 'messages', count: messages, perSecond }
    const said = async () => {
      listeners.send({ each: messages })
      const heard = once(listeners, 'message')
      const before = cpuOf(server.pid)
      const run = await stage.run(server, { ...job, ...stage.newUsers(messages) })
      await heard
      return { ...run, cpu: before === null ? null : (cpuOf(server.pid) - before) / messages }
    }
    await said()
    const { cpu, p50, p99 } = await said()
    rows.push({
      clients: count,
      messages_per_second: perSecond,
      cpu_us_per_message: cpu,
      cpu_us_per_frame: cpu === null ? null : cpu / count,
      p50_ms: p50,
      p99_ms: p99,
    })
    listeners.kill()
    await server.stop()
  }
  return rows
}
