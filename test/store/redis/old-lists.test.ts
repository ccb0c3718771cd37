import t from 'tap'
import { createKeys } from '../../../src/store/redis/keys.js'
import { findOldLists } from '../../../src/store/redis/old-lists.js'
import type { Place } from '../../../src/store/redis/places.js'
import { startRedis } from '../../fixtures/redis-servers.js'
import { openRedis } from '../../fixtures/redis-store.js'
import { until } from '../../fixtures/shop.js'
import { pagesOf } from '../../fixtures/store-contract/list-pages.js'
import { idOf, said } from '../../fixtures/store-contract.js'

const keys = createKeys('mr')

for (const many of [450, 400])
  t.test(`a list of ${many} is moved in parts, and goes with the others of its partition`, async (t) => {
    const moved: Place[] = []
    const dropped: (readonly string[])[] = []
    const [activity] = keys.oldLists(7)
    const all = Array.from({ length: many }, (_, i) => [`1-${i}`, String(i + 1)] as const)
    const move = await findOldLists({
      keys,
      putRight: async (place) => void moved.push(place),
      commands: {
        exists: async (key) => key === activity,
        drop: async (them) => void dropped.push(them),
        oldest: async (key, above, _highest, count) => (key === activity ? all.slice(above, above + count).flat() : []),
      },
    })
    await move()
    t.same(
      moved.map(({ id, at }) => [id, String(at)]),
      all,
    )
    t.same(dropped, [keys.oldLists(7)])
  })

t.test('conversations of an earlier version are listed and found', async (t) => {
  const server = await startRedis()
  const opened = await openRedis(server.url, [server.client])
  t.teardown(async () => {
    await opened.close()
    await server.stop()
  })
  const its = createKeys(opened.prefix)
  for (const user of [1, 2, 3]) {
    const id = idOf(user)
    await opened.store.commit(id, null, said(opened.store.now(), id, 1))
    const partition = its.partitionOf(id)
    await server.client.del(...its.lists(partition), its.terms(partition), its.names(partition))
    await server.client.zadd(its.oldLists(partition)[0], user === 3 ? 1 : user + 1, id)
  }
  t.same(await pagesOf(opened.store), [])
  const { store } = await opened.another()
  await until(async () => (await pagesOf(store)).flat().length === 3)
  t.same(await pagesOf(store), [[2, 1, 3]])
  t.same(await pagesOf(store, { q: '2' }), [[2]])
  await until(async () => (await opened.keys()).every((key) => !key.endsWith(':activity')))
})
