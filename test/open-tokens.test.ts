import t from 'tap'
import { REAL_TIMERS } from '../src/engine/timers.js'
import { openTokens } from '../src/open-tokens.js'
import { startPretendGraph } from '../src/simulator/graph.js'
import { openMemory } from './fixtures/memory-store.js'
import { SILENT } from './fixtures/redis-store.js'
import { configOf } from './fixtures/settings.js'
import { until } from './fixtures/shop.js'
import { PAGE } from './fixtures/webhooks.js'

t.test('a token is refreshed by Meta, closed with the app secrets, and used after a reload too', async (t) => {
  const graph = await startPretendGraph({ pages: { [PAGE]: { token: 'settings', tokenAgeMs: 24 * 3_600_000 } } })
  t.teardown(graph.close)
  const { store } = openMemory()
  const channel = { id: PAGE, platform: 'instagram', token: 'settings', graphUrl: graph.url }
  const config = configOf({}, [channel])
  const probed: string[] = []
  const opened = openTokens(config, { store, probe: (ids) => probed.push(...ids), log: SILENT, timers: REAL_TIMERS })
  t.teardown(opened.stop)
  await opened.start()
  const before = opened.channels.get(PAGE)!
  t.equal(before, config.channels.get(PAGE))
  opened.probed(before, await opened.prober.probe(graph.url, 'settings'))
  await until(() => opened.channels.get(PAGE)!.token === `refreshed-1-of-${PAGE}`)
  t.same(probed, [PAGE])
  const sealed = store.tokens.read(PAGE)
  opened.reload(configOf({ META_APP_SECRETS: 'another-secret-0123' }, [{ ...channel, name: 'other' }]))
  t.match(opened.channels.get(PAGE), { name: 'other', token: `refreshed-1-of-${PAGE}` })
  await until(() => store.tokens.read(PAGE) !== sealed)
  opened.reload(configOf({}, []))
  t.same([...opened.channels.ids()], [])
})
