import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Log } from '../../../src/engine/ports.js'
import { type Client, connect } from '../../../src/store/redis/connect.js'
import { createConnectionLog } from '../../../src/store/redis/connection-log.js'
import { type RedisServer, startRedis } from '../../fixtures/redis-servers.js'
import { SILENT } from '../../fixtures/redis-store.js'

interface Told {
  readonly message: string
  readonly reason: string | undefined
}

const CONNECTED = { message: 'connected to Redis' }
const REPLICA = { message: /replica.*master/, reason: /READONLY/ }

async function replica(t: Test): Promise<RedisServer> {
  const [server, master] = await Promise.all([startRedis(), startRedis()])
  t.teardown(() => Promise.all([server.stop(), master.stop()]))
  await server.client.acl('SETUSER', 'mute', 'on', '>pw', '~*', '+@all', '-info')
  await server.client.replicaof('127.0.0.1', master.port)
  return server
}

function open(t: Test, url: string): { readonly client: Client; readonly told: Told[] } {
  const told: Told[] = []
  const note = ({ reason }: { readonly reason?: string }, message: string): void => void told.push({ message, reason })
  const log: Log = { debug: note, info: note, warn: note, error: note }
  const client = connect(url, log)
  t.teardown(() => client.disconnect())
  return { client, told }
}

/** Writes, as the store does all the time, until the connection was opened that often. */
async function write(client: Client, connections: number): Promise<void> {
  let opened = 0
  client.on('ready', () => {
    opened += 1
  })
  while (opened < connections) {
    await client.set('a', '1').catch(() => {})
    await sleep(5)
  }
}

t.test('a replica that is taken for a master is told once, and that it became one', async (t) => {
  const server = await replica(t)
  const { client, told } = open(t, server.url)
  await write(client, 3)
  t.match(told, [CONNECTED, REPLICA])
  t.equal(told.length, 2)
  await server.client.replicaof('NO', 'ONE')
  while (told.length < 3) await sleep(5)
  t.match(told.slice(2), [CONNECTED])
  t.equal(told.length, 3)
})

t.test('a replica that goes away is told as well', async (t) => {
  const server = await replica(t)
  const { client, told } = open(t, server.url)
  await write(client, 2)
  await server.kill()
  while (told.length < 3) await sleep(5)
  t.match(told, [CONNECTED, REPLICA, { message: 'cannot reach Redis, trying again' }])
})

t.test('where the role may not be asked for, the replica is told once all the same', async (t) => {
  const server = await replica(t)
  const { client, told } = open(t, server.url.replace('//', '//mute:pw@'))
  await write(client, 3)
  t.match(told, [CONNECTED, REPLICA])
  t.equal(told.length, 2)
  client.disconnect()
  while (told.length < 3) await sleep(5)
  t.match(told[2], { message: 'connection to Redis closed' })
})

t.test('a replica that comes and goes is asked for its role by one alone', async (t) => {
  let asked = 0
  const client = Object.assign(new EventEmitter(), {
    status: 'ready',
    async info() {
      asked += 1
      return 'role:slave'
    },
  })
  const log = createConnectionLog('a', SILENT)
  log.follow(client as unknown as Client)
  for (let i = 0; i < 20; i++) {
    log.readOnly(new Error('READONLY'))
    client.emit('error', new Error('refused'))
  }
  log.readOnly(new Error('READONLY'))
  while (asked < 2) await sleep(50)
  await sleep(100)
  t.equal(asked, 2)
  client.status = 'end'
})
