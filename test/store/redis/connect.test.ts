import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Log } from '../../../src/engine/ports.js'
import { type Client, connect, createLine, firstConnection, targetOf } from '../../../src/store/redis/connect.js'
import { createManualTimers } from '../../fixtures/manual-timers.js'
import { freePorts, startRedis } from '../../fixtures/redis-servers.js'

interface Line {
  readonly level: string
  readonly message: string
  readonly facts: { readonly redis?: string; readonly reason?: string }
}

function recorder(): { readonly log: Log; readonly lines: Line[] } {
  const lines: Line[] = []
  const note = (level: string) => (facts: object, message: string) => void lines.push({ level, message, facts })
  return { log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }, lines }
}

function connected(t: Test, url: string): { readonly client: Client; readonly lines: Line[] } {
  const { log, lines } = recorder()
  const client = connect(url, log)
  t.teardown(() => client.disconnect())
  return { client, lines }
}

/** Unlike `once` of Node, whatever errors come before it. */
const happens = (client: Client, event: string): Promise<void> => new Promise((resolve) => client.once(event, resolve))

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(5)
}

t.test('a single server’s URL is parsed', async (t) => {
  for (const [url, shown, options] of [
    ['redis://db', 'db:6379', { host: 'db', port: 6379 }],
    ['redis://db:7000/', 'db:7000', { host: 'db', port: 7000 }],
    ['redis://db:7000/3', 'db:7000', { host: 'db', port: 7000, db: 3 }],
    ['redis://127.0.0.1:7000/0', '127.0.0.1:7000', { host: '127.0.0.1', port: 7000, db: 0 }],
    ['redis://[::1]:7000', '::1:7000', { host: '::1', port: 7000 }],
    ['redis://:secret@db', 'db:6379', { host: 'db', port: 6379, password: 'secret' }],
    ['redis://me:secret@db', 'db:6379', { host: 'db', port: 6379, username: 'me', password: 'secret' }],
    ['redis://me@db', 'db:6379', { host: 'db', port: 6379, username: 'me' }],
    ['redis://m%40e:a%2Fb%25%3A@db', 'db:6379', { host: 'db', port: 6379, username: 'm@e', password: 'a/b%:' }],
    ['redis://me:50%25%zz@db', 'db:6379', { host: 'db', port: 6379, username: 'me', password: '50%25%zz' }],
    ['rediss://db', 'db:6379', { host: 'db', port: 6379, tls: { servername: 'db' } }],
    ['rediss://10.0.0.1:7000', '10.0.0.1:7000', { host: '10.0.0.1', port: 7000, tls: {} }],
    ['rediss://[fe80::1]', 'fe80::1:6379', { host: 'fe80::1', port: 6379, tls: {} }],
  ] as const) {
    t.strictSame(targetOf(url), { is: 'server', shown, options }, url)
  }
})

t.test('a cluster, by several of its nodes or by one address', async (t) => {
  const two = [
    { host: 'a', port: 7000 },
    { host: 'b', port: 6379 },
  ]
  const login = { username: 'me', password: 'p:w' }
  for (const [url, shown, nodes, options] of [
    ['redis://a:7000,redis://b', 'cluster a:7000,b:6379', two, {}],
    ['redis://a:7000/, redis://b/0', 'cluster a:7000,b:6379', two, { db: undefined }],
    ['redis://me:p%3Aw@a:7000,redis://b', 'cluster a:7000,b:6379', two, login],
    ['rediss://a:7000,rediss://b', 'cluster a:7000,b:6379', two, { tls: { servername: 'a' } }],
    ['rediss://10.0.0.1,rediss://10.0.0.2', undefined, undefined, { tls: {} }],
    ['redis+cluster://a:7000', 'cluster a:7000', two.slice(0, 1), {}],
    ['redis+cluster://b/', 'cluster b:6379', two.slice(1), {}],
    ['redis+cluster://me:p:w@a:7000', 'cluster a:7000', two.slice(0, 1), login],
    ['redis+cluster://[::1]:7000', 'cluster ::1:7000', [{ host: '::1', port: 7000 }], {}],
  ] as const) {
    const target = targetOf(url)
    t.equal(target.is, 'cluster')
    if (shown !== undefined) t.match(target, { shown, nodes }, url)
    t.match(target.options, options, url)
    t.notOk('host' in target.options, 'the nodes know where they are')
  }
})

t.test('a master found through Sentinel', async (t) => {
  for (const [url, nodes, name, options] of [
    ['redis+sentinel://a/mymaster', [{ host: 'a', port: 26379 }], 'mymaster', {}],
    [
      'redis+sentinel://a:1,b:2/my.master-1',
      [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      'my.master-1',
      {},
    ],
    [
      'redis+sentinel://:se%20cret@[::1]:1, b/m',
      [
        { host: '::1', port: 1 },
        { host: 'b', port: 26379 },
      ],
      'm',
      { password: 'se cret' },
    ],
    ['redis+sentinel://me:a@b@a/m', [{ host: 'a', port: 26379 }], 'm', { username: 'me', password: 'a@b' }],
  ] as const) {
    const shown = `sentinel ${nodes.map(({ host, port }) => `${host}:${port}`).join(',')} for ${name}`
    t.strictSame(targetOf(url), { is: 'sentinel', nodes, name, shown, options }, url)
  }
})

t.test('a URL is shown without its credentials', async (t) => {
  for (const url of [
    'redis://me:secret@db',
    'rediss://:secret@db/3',
    'redis://me:secret@a,redis://you:secret@b',
    'redis+cluster://me:secret@a',
    'redis+sentinel://me:secret@a,b/mymaster',
  ]) {
    t.notMatch(targetOf(url).shown, /secret|me:|you|@/, url)
  }
})

t.test('each change of the connection is told once', async (t) => {
  const [port] = await freePorts(1)
  const { client, lines } = connected(t, `redis://:secret@127.0.0.1:${port}`)
  const redis = `127.0.0.1:${port}`
  for (let i = 0; i < 3; i++) await happens(client, 'reconnecting')
  t.strictSame(lines, [
    {
      level: 'warn',
      message: 'cannot reach Redis, trying again',
      facts: { redis, reason: `connect ECONNREFUSED ${redis}` },
    },
  ])
  const server = await startRedis(['--requirepass', 'secret'], port, 'secret')
  t.teardown(() => server.stop())
  await until(() => client.status === 'ready')
  t.strictSame(lines.splice(0).slice(1), [{ level: 'info', message: 'connected to Redis', facts: { redis } }])

  await server.kill()
  for (let i = 0; i < 3; i++) await happens(client, 'reconnecting')
  t.match(lines.splice(0), [{ level: 'warn', message: 'connection to Redis lost, trying again', facts: { redis } }])
  await server.restart()
  await until(() => client.status === 'ready')
  t.match(lines.splice(0), [{ level: 'info', message: 'connected to Redis' }])

  client.disconnect()
  await happens(client, 'end')
  await new Promise(setImmediate)
  t.strictSame(lines, [{ level: 'info', message: 'connection to Redis closed', facts: { redis } }])
})

t.test('a wrong password is told as such, and never shown', async (t) => {
  const server = await startRedis(['--requirepass', 'right'], undefined, 'right')
  t.teardown(() => server.stop())
  const url = `redis://me:very-wrong@127.0.0.1:${server.port}`
  for (const each of [url, `${url},${url}`, url.replace('redis:', 'redis+cluster:')]) {
    const { client, lines } = connected(t, each)
    await until(() => lines.length > 0)
    t.match(lines[0]?.facts.reason, /^WRONGPASS/)
    t.notMatch(JSON.stringify(lines), /very-wrong/)
    client.disconnect()
  }
})

t.test('without a connection a command fails at once', async (t) => {
  const [port] = await freePorts(1)
  const { client } = connected(t, `redis://127.0.0.1:${port}`)
  await happens(client, 'reconnecting')
  const begun = performance.now()
  await t.rejects(client.get('a'))
  t.ok(performance.now() - begun < 500)
})

t.test('a command whose connection was lost is never sent again', async (t) => {
  let sockets = 0
  const heard: string[] = []
  const open: Socket[] = []
  const fake = createServer((socket) => {
    sockets += 1
    open.push(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      // Says what the handshake wants to hear, and hangs up on the rest.
      for (const command of data.toString().split(/(?=\*\d+\r\n)/)) {
        heard.push(command)
        if (/\bincr\b/i.test(command)) socket.destroy()
        else socket.write(/\bhello\b/i.test(command) ? '-ERR unknown command HELLO\r\n' : '+OK\r\n')
      }
    })
  }).listen(0, '127.0.0.1')
  await once(fake, 'listening')
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    fake.close()
  })
  const { client } = connected(t, `redis://127.0.0.1:${(fake.address() as { port: number }).port}`)
  await until(() => client.status === 'ready')
  await t.rejects(client.incr('a'))
  await until(() => sockets === 2 && client.status === 'ready')
  await client.set('b', '1')
  t.equal(heard.filter((command) => /\bincr\b/i.test(command)).length, 1)
})

t.test(
  'a server that reads its data is asked each second whether it has, however long it says that will take',
  async (t) => {
    let asked = 0
    const loading = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (data) => {
        for (const command of data.toString().split(/(?=\*\d+\r\n)/)) {
          if (!/\binfo\b/i.test(command)) {
            socket.write('+OK\r\n')
            continue
          }
          asked += 1
          const info = asked === 1 ? 'loading:1\r\nloading_eta_seconds:60\r\n' : 'loading:0\r\n'
          socket.write(`$${info.length}\r\n${info}\r\n`)
        }
      })
    }).listen(0, '127.0.0.1')
    await once(loading, 'listening')
    t.teardown(() => loading.close())
    const { client } = connected(t, `redis://127.0.0.1:${(loading.address() as AddressInfo).port}`)
    await until(() => client.status === 'ready')
    t.equal(asked, 2)
  },
)

t.test(
  'a server that froze is given up after a moment: all that waits fails together, and nothing piles up',
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const { client, lines } = connected(t, server.url)
    await until(() => client.status === 'ready')
    await client.set('a', '1')
    lines.splice(0)
    server.freeze()
    const begun = performance.now()
    const ask = async () => {
      await t.rejects(client.get('a'))
      return performance.now() - begun
    }
    const first = ask()
    await sleep(1_000)
    const later = ask()
    const times = await Promise.all([first, later])
    t.ok(
      times.every((time) => time > 1_000 && time < 2_000),
      `${times}`,
    )
    t.ok((await ask()) - Math.max(...times) < 300, 'whoever comes now is told at once')
    await until(() => lines.length > 0)
    t.match(lines, [
      { level: 'warn', message: 'cannot reach Redis, trying again', facts: { reason: /^Socket timeout/ } },
    ])
    server.thaw()
    await until(() => client.status === 'ready')
    t.equal(await client.get('a'), '1')
    t.match(lines.slice(1), [{ message: 'connected to Redis' }])
  },
)

t.test('a connection on which nothing happens stays', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const { client, lines } = connected(t, server.url)
  await until(() => client.status === 'ready')
  await client.ping()
  await sleep(2_000)
  t.equal(await client.ping(), 'PONG')
  t.equal(lines.length, 1)
})

t.test('a master that became a replica is left to look for the new one, once a second', async (t) => {
  const [master, server] = await Promise.all([startRedis(), startRedis()])
  t.teardown(() => Promise.all([master.stop(), server.stop()]))
  const { client } = connected(t, server.url)
  await until(() => client.status === 'ready')
  await server.client.replicaof('127.0.0.1', master.port)
  let closed = 0
  client.on('close', () => {
    closed += 1
  })
  const begun = performance.now()
  while (closed < 2) await client.set('a', '1').catch(() => sleep(2))
  t.ok(performance.now() - begun > 900)
  // Reading is no reason to look for another.
  await until(() => client.status === 'ready')
  t.equal(await client.get('a'), null)
  await server.client.replicaof('NO', 'ONE')
  t.equal(await client.set('a', '1'), 'OK')
})

t.test('the first connection is waited for, but not for long where there is none', async (t) => {
  const now = 0
  const timers = createManualTimers(() => now)
  const server = await startRedis()
  t.teardown(() => server.stop())
  const there = connected(t, server.url).client
  await firstConnection(there, timers)
  t.equal(there.status, 'ready')
  const [port] = await freePorts(1)
  for (const url of [`redis://127.0.0.1:${port}`, `redis://127.0.0.1:${port},redis://127.0.0.1:${port}`]) {
    const { client } = connected(t, url)
    await firstConnection(client, timers)
    t.not(client.status, 'ready', url)
  }
})

t.test('a server that takes the connection and says nothing is waited for a second', async (t) => {
  let now = 0
  const timers = createManualTimers(() => now)
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { client } = connected(t, `redis://127.0.0.1:${(silent.address() as { readonly port: number }).port}`)
  let isOver = false
  const waiting = firstConnection(client, timers).then(() => {
    isOver = true
  })
  await happens(client, 'connect')
  now = 999
  timers.run()
  await sleep(0)
  t.equal(isOver, false)
  now = 1_000
  timers.run()
  await waiting
  t.not(client.status, 'ready')
})

t.test('a sentinel that takes the connection and says nothing is passed over', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const open: Socket[] = []
  const master = `*2\r\n$9\r\n127.0.0.1\r\n$${String(server.port).length}\r\n${server.port}\r\n`
  const answerTo = (command: string): string => {
    if (/hello/i.test(command)) return '-ERR unknown command HELLO\r\n'
    if (/subscribe/i.test(command)) return ''
    return command.includes('addr-by-name') ? master : '*0\r\n'
  }
  const [silent, talking] = [false, true].map((isTalking) =>
    createServer((socket) => {
      open.push(socket)
      socket.on('error', () => {})
      if (!isTalking) return
      socket.on('data', (data) => {
        for (const command of data.toString().split(/(?=\*\d+\r\n)/)) socket.write(answerTo(command))
      })
    }).listen(0, '127.0.0.1'),
  ) as [Server, Server]
  await Promise.all([once(silent, 'listening'), once(talking, 'listening')])
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    silent.close()
    talking.close()
  })
  const [first, second] = [silent, talking].map((each) => (each.address() as AddressInfo).port)
  const { client } = connected(t, `redis+sentinel://127.0.0.1:${first},127.0.0.1:${second}/mymaster`)
  await Promise.race([happens(client, 'ready'), sleep(5_000)])
  t.equal(client.status, 'ready')
})

t.test('sentinels that want the servers’ password get it, others do not mind', async (t) => {
  const server = await startRedis(['--requirepass', 'secret'], undefined, 'secret')
  t.teardown(() => server.stop())
  for (const settings of ['requirepass secret', '']) {
    const [port] = (await freePorts(1)) as [number]
    const file = join(
      t.testdir({
        'sentinel.conf': `port ${port}\nbind 127.0.0.1\nsentinel monitor mymaster 127.0.0.1 ${server.port} 1\n${settings}\n`,
      }),
      'sentinel.conf',
    )
    const sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' })
    t.teardown(() => sentinel.kill('SIGKILL'))
    const { client } = connected(t, `redis+sentinel://:secret@127.0.0.1:${port}/mymaster`)
    await Promise.race([happens(client, 'ready'), sleep(10_000)])
    t.equal(client.status, 'ready', settings)
  }
})

t.test('a line for listening is opened and given up by whoever asked for it', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const { client } = connected(t, server.url)
  const line = createLine(client)!
  t.equal(line.status, 'wait', 'not opened by itself')
  line.on('error', () => {})
  await line.connect()
  await line.subscribe('somewhere')
  const ended = happens(line, 'end')
  await server.kill()
  await ended
  t.equal(line.status, 'end', 'nor again')
})

t.test('no subscription connection is opened while a cluster has announced no node', async (t) => {
  const [a, b] = await freePorts(2)
  const { client } = connected(t, `redis://127.0.0.1:${a},redis://127.0.0.1:${b}`)
  t.equal(createLine(client), null)
})

t.test('a subscription connection that finds no master fails at once, and its user tries again', async (t) => {
  const [port] = await freePorts(1)
  const { client } = connected(t, `redis+sentinel://me:secret@127.0.0.1:${port}/mymaster`)
  const line = createLine(client)!
  line.on('error', () => {})
  const ended = happens(line, 'end')
  await t.rejects(line.connect())
  await ended
})
