import { setImmediate as nextTurn } from 'node:timers/promises'
import { Cluster, Redis } from 'ioredis'
import t from 'tap'
import type { Client } from '../../../src/store/redis/connect.js'
import { createOneWrite } from '../../../src/store/redis/one-write.js'

function clientWith(stream: object | undefined): { readonly client: Client; readonly did: string[] } {
  const did: string[] = []
  const client: object = Object.create(Redis.prototype, {
    stream: { value: stream && { cork: () => did.push('cork'), uncork: () => did.push('uncork') } },
  })
  return { client: client as Client, did }
}

t.test('what is sent in one turn of the event loop is written together at its end', async (t) => {
  const { client, did } = clientWith({})
  const oneWrite = createOneWrite(client)
  oneWrite()
  oneWrite()
  await Promise.resolve()
  oneWrite()
  t.same(did, ['cork'])
  await nextTurn()
  t.same(did, ['cork', 'uncork'])
  oneWrite()
  await nextTurn()
  t.same(did, ['cork', 'uncork', 'cork', 'uncork'])
})

t.test('without a connection, or in a cluster, nothing is held back', async (t) => {
  createOneWrite(clientWith(undefined).client)()
  const { did } = clientWith({})
  createOneWrite(Object.create(Cluster.prototype) as Client)()
  await nextTurn()
  t.same(did, [])
})
