import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { RouterError } from '../../../src/engine/ports.js'
import { withCommands } from '../../../src/store/redis/commands.js'
import {
  COMMIT_FACTS,
  COMMIT_KEYS,
  type CommitArguments,
  type CommitKeys,
  FURTHER_KEYS,
} from '../../../src/store/redis/commit-script.js'
import { type Client, connect } from '../../../src/store/redis/connect.js'
import { type RedisServer, startRedis } from '../../fixtures/redis-servers.js'
import { SILENT } from '../../fixtures/redis-store.js'

const server = await startRedis(['--appendonly', 'yes'])
t.teardown(() => server.stop())

async function open(of: RedisServer = server) {
  const client: Client = connect(of.url, SILENT)
  t.teardown(() => client.disconnect())
  const commands = withCommands(client)
  while (client.status !== 'ready') await sleep(5)
  return { client, commands }
}

/** The arguments of a commit that writes a value and a seen id. */
const keyed = Object.fromEntries([...COMMIT_KEYS, ...FURTHER_KEYS].map((name) => [name, `{t}${name}`])) as CommitKeys
const nothing = Object.fromEntries(COMMIT_FACTS.map((name) => [name, ''])) as Omit<CommitArguments, 'value' | 'more'>

function write(text: string): readonly [CommitKeys, CommitArguments] {
  const written = {
    id: '1-2',
    value: 'w'.repeat(20) + text,
    handled: '2',
    seenUntil: '8640000000000000',
  }
  return [keyed, { ...nothing, ...written, more: [] }]
}

async function failureOf(work: Promise<unknown>): Promise<RouterError> {
  try {
    await work
  } catch (error) {
    if (error instanceof RouterError) return error
    throw error
  }
  throw new Error('it did not fail')
}

t.test('each command does what its name says', async (t) => {
  const { commands } = await open()
  await commands.setOnce('once', 'a')
  await commands.setOnce('once', 'b')
  t.equal(await commands.get('once'), 'a')
  t.equal(await commands.get('nothing'), null)
  await commands.tryToWrite('once', 'channel')
  t.equal(await commands.get('once'), 'a')
  await server.client.sadd('set', '12')
  t.same([await commands.isMember('set', '12'), await commands.isMember('set', '13')], [true, false])
  await commands.setField('hash', 'inbound', '1')
  await commands.setField('hash', 'echo', '2')
  t.same({ ...(await commands.fields('hash')) }, { inbound: '1', echo: '2' })
  t.same({ ...(await commands.fields('nothing')) }, {})
  const place = 1_767_225_600_000_001
  for (const [i, member] of ['a', 'b', 'c'].entries()) await server.client.zadd('zset', place + i, member)
  t.same(await commands.list(['terms', 'due', 'zset'], ['+inf', 2, '', 0, 0, '']), [
    1,
    'b',
    String(place + 1),
    'c',
    String(place + 2),
    1,
    'b',
    String(place + 1),
    1,
  ])
  t.equal(await commands.size('zset'), 3)
  t.equal(await commands.exists('zset'), true)
  t.equal(await commands.exists('nothing'), false)
  await commands.setOnce('dropped', '1')
  await commands.drop(['dropped', 'nothing'])
  t.equal(await commands.get('dropped'), null)
  t.same(await commands.oldest('zset', 0, place + 1, 9), ['a', String(place), 'b', String(place + 1)])
  t.same(await commands.oldest('zset', place, place + 1, 9), ['b', String(place + 1)])
  await commands.setScore('zset', place + 9, 'a')
  await commands.setScore('zset', place + 9, 'unknown')
  t.equal(await server.client.zscore('zset', 'a'), String(place + 9))
  t.equal(await server.client.zcard('zset'), 3, 'what is not there is not put there')
  await commands.setForAWhile('ticket', 'a', 60_000)
  await commands.setForAWhile('ticket', 'b', 1)
  t.ok((await server.client.pttl('ticket')) > 50_000)
  t.equal(await commands.take('ticket'), 'a')
  t.equal(await commands.take('ticket'), null)
  for (const at of ['5-0', '6-0', '7-1']) await server.client.xadd('feed', at, 'e', `s["1-${at}"]\n`)
  await commands.trimFeed('feed', 6, 60_000)
  t.ok((await server.client.pttl('feed')) > 50_000)
  t.same(await commands.feedBack('feed', '+', 1), [['7-1', 's["1-7-1"]\n']])
  t.same(await commands.feedBack('feed', '6-0', 9), [['6-0', 's["1-6-0"]\n']])
  t.same(await commands.feed(['feed', 'from'], ['', '0-0', 9, '']), [
    ...['7-1', '6-0', 2, ''],
    ...['6-0', 's["1-6-0"]\n', '7-1', 's["1-7-1"]\n'],
  ])
  await commands.erase(['1', '2', '3', 'feed', 'from', 'old', '4', '5', 'notifications', '6'], '1-7', '["1-7-1"', 1)
  t.same(await commands.feed(['feed', 'from'], ['0-0', '6-0', 9, '']), ['7-1', '6-0', 1, '', '6-0', 's["1-6-0"]\n'])
  const from = Date.now() + 60_000
  t.equal(await commands.slot('slots', 1, 1_000, from), String(from))
  t.equal(await commands.slot('slots', 1, 1_000, from), String(from + 1_000))
  t.ok(Math.abs((await commands.time()) - Date.now()) < 1_000)
})

t.test('a server that forgot the scripts gets them again, unnoticed', async (t) => {
  const { commands, client } = await open()
  const [keys, args] = write('a')
  t.same(await commands.commit(keys, args), [1])
  await server.client.script('FLUSH')
  t.same((await commands.commit(keys, args))[0], 0)
  await server.restart()
  while (client.status !== 'ready') await sleep(5)
  t.same((await commands.commit(keys, args))[1], args.value, 'what was written is there')
  t.same((await commands.claim('{t}due', 1, 1, '{t}c:')).length, 2)
  t.same(await commands.page(['{t}h', '{t}c'], ['', '', 1, 0]), [''])
  t.equal(await commands.slot('{t}s', 1, 1_000, 9e12), '9000000000000')
  t.equal((await commands.feed(['{t}f', '{t}ff'], ['', '0-0', 9, ''])).length, 4)
  t.equal(
    await commands.erase(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((key) => `{e}${key}`),
      '1-2',
      '',
      1,
    ),
    null,
  )
  t.same(await commands.list(['{t}7', '{t}8', '{t}9'], ['+inf', 1, '', 0, 0, '']), [1, '', ''])
  t.equal(await commands.relist(['{t}11', '{t}12', '{t}13', '{t}14'], ['1-2', '', '', 0, '-']), null)
})

t.test('a full server is told as that, nothing is half-written, and goes on when there is room', async (t) => {
  const full = await startRedis(['--maxmemory', '1mb', '--maxmemory-policy', 'noeviction'])
  t.teardown(() => full.stop())
  const { commands } = await open(full)
  const filled = await failureOf(commands.setField('filler', 'x', randomBytes(2_000_000).toString('hex')))
  t.equal(filled.code, 'store_full')
  const [keys, args] = write('a')
  const failure = await failureOf(commands.commit(keys, args))
  t.match(failure, { code: 'store_full', message: /maxmemory/ })
  t.same(await full.client.keys('*'), [])
  t.equal((await failureOf(commands.setOnce('a', '1'))).code, 'store_full')
  t.equal(await commands.get('a'), null, 'reading goes on')
  t.equal((await failureOf(commands.tryToWrite('a', 'channel'))).code, 'store_full')
  await full.client.config('SET', 'maxmemory', '100mb')
  t.same(await commands.commit(keys, args), [1])
})

t.test('any other error of Redis is store_unavailable, with its reason', async (t) => {
  const master = await startRedis()
  const replica = await startRedis(['--replicaof', '127.0.0.1', String(master.port)])
  t.teardown(() => Promise.all([master.stop(), replica.stop()]))
  const { commands } = await open(replica)
  const failure = await failureOf(commands.commit(...write('a')))
  t.match(failure, { code: 'store_unavailable', cause: { message: /READONLY/ } })
  t.notMatch(failure.message, /READONLY/, 'what is answered does not show the inside')
  await master.client.config('SET', 'min-replicas-to-write', '9')
  const { commands: lonely } = await open(master)
  const [keys, args] = write('b')
  t.match(await failureOf(lonely.commit(keys, args)), { code: 'store_unavailable', cause: { message: /NOREPLICAS/ } })
  t.match(await failureOf(lonely.tryToWrite('layout', 'channel')), { code: 'store_unavailable' })
  t.same(await master.client.keys('*'), [])
})

t.test('a closed connection is reported as store_unavailable', async (t) => {
  const { commands } = await open()
  commands.close()
  t.equal((await failureOf(commands.get('a'))).code, 'store_unavailable')
})

t.test('a thrown value that is no error is reported too', async (t) => {
  const client = { defineCommand() {}, get: async () => Promise.reject('odd') }
  const commands = withCommands(client as unknown as Client)
  t.equal((await failureOf(commands.get('a'))).code, 'store_unavailable')
})
