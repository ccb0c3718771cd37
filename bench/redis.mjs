// A Redis server of the benchmark's own, empty and without persistence.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

export async function startRedis(command, args, dir) {
  const port = await freePort()
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no']
  const server = spawn(command, [...args, ...options], { stdio: 'ignore' })
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
    /** How often a router's scripts and commands were called since the last reset, and what they cost Redis. */
    async calls() {
      const lines = (await ask('INFO commandstats')).matchAll(/cmdstat_(\w+):calls=(\d+),usec=(\d+)/g)
      const stats = [...lines].map(([, name, calls, micros]) => ({
        name,
        calls: Number(calls),
        micros: Number(micros),
      }))
      // What a script calls is in its own time already.
      return stats.filter(({ name }) => name === 'evalsha')
    },
    reset: () => ask('CONFIG RESETSTAT'),
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
