// A Redis server of the benchmark's own, empty and without persistence.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { endWithUs } from './processes.mjs'

export async function startRedis(command, args, dir) {
  const port = await freePort()
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no']
  const server = spawn(command, [...args, ...options], { stdio: 'ignore' })
  endWithUs(server)
  const ask = (line) => answerTo(port, line)
  for (let i = 0; i < 100; i++) {
    const isReady = await ask('PING').then(
      () => true,
      () => false,
    )
    if (isReady) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: server.pid,
    /** How often scripts were called since the start, and the microseconds that they took in Redis. */
    async scripts() {
      const stats = /cmdstat_evalsha:calls=(\d+),usec=(\d+)/.exec(await ask('INFO commandstats'))
      return { calls: Number(stats?.[1] ?? 0), micros: Number(stats?.[2] ?? 0) }
    },
    /** The bytes in use once the keys of these patterns are deleted. */
    async bytesWithout(...patterns) {
      for (const pattern of patterns) {
        await ask(`EVAL "for _, key in ipairs(redis.call('KEYS', '${pattern}')) do redis.call('DEL', key) end" 0`)
      }
      return Number(/used_memory:(\d+)/.exec(await ask('INFO memory'))[1])
    },
    async stop() {
      server.kill('SIGTERM')
      await once(server, 'exit')
    },
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

function answerTo(port, line) {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(`${line}\r\nQUIT\r\n`))
    socket.on('data', (chunk) => (text += chunk))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
}
