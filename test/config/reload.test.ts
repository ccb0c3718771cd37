import t from 'tap'
import { reloaded } from '../../src/config/reload.js'
import { configOf } from '../fixtures/settings.js'

const channel = (id: string, more: object = {}) => ({ id, platform: 'instagram', token: `token-${id}`, ...more })

t.test('a reload of unchanged settings changes nothing', async (t) => {
  const channels = [channel('1', { bot: { mode: 'test', testers: ['7'] } }), channel('2')]
  const before = configOf({}, channels)
  const { config, ...news } = reloaded(before, configOf({}, channels))
  t.strictSame(news, { added: [], removed: [], changed: [], settings: [], needsRestart: [] })
  t.strictSame(config, before)
  t.equal(config.channels.get('1'), before.channels.get('1'), 'the very same channel')
})

t.test('a reload adds, removes and changes channels, and keeps the objects of the others', async (t) => {
  const before = configOf({}, [channel('1'), channel('2'), channel('3')])
  const read = configOf({}, [channel('4'), channel('3', { token: 'another' }), channel('1')])
  const { config, ...news } = reloaded(before, read)
  t.match(news, { added: ['4'], removed: ['2'], changed: ['3'] })
  t.same([...config.channels.keys()], ['4', '3', '1'], 'in the order of the file')
  t.equal(config.channels.get('1'), before.channels.get('1'))
  t.equal(config.channels.get('3')?.token, 'another')
  t.equal(before.channels.get('3')?.token, 'token-3')
})

t.test('a policy is part of its channel', async (t) => {
  const before = configOf({}, [channel('1', { bot: { mode: 'test', testers: ['7'] } })])
  const read = configOf({}, [channel('1', { bot: { mode: 'test', testers: ['8'] } })])
  t.match(reloaded(before, read), { changed: ['1'], added: [], removed: [] })
})

t.test('every secret that may come from a file is taken over, and named without its value', async (t) => {
  const before = configOf()
  const given = {
    META_APP_SECRETS: 'new-secret',
    META_VERIFY_TOKEN: 'new-word',
    API_TOKENS: 'new-api-token-012345',
    DIFY_TOKENS: 'new-dify-token-01234',
    NOTIFY_URL: 'https://new.example',
    NOTIFY_SECRET: `whsec_${Buffer.alloc(24).toString('base64')}`,
  }
  const read = configOf(given)
  const { config, settings } = reloaded(before, read)
  t.same(settings, Object.keys(given))
  t.same([config.meta, config.api, config.notify], [read.meta, read.api, read.notify])
  t.ok(Object.isFrozen(config) && Object.isFrozen(config.api))
})

t.test('the rest stays as it was at the start', async (t) => {
  const before = configOf({ REDIS_URL: 'redis://one:6379', PORT: '3001' })
  const { config, needsRestart } = reloaded(before, configOf({ REDIS_URL: 'redis://two:6379', PORT: '3002' }))
  t.same(needsRestart, ['REDIS_URL'])
  t.same(reloaded(before, configOf({ DATA_DIR: '/data' })).needsRestart, ['DATA_DIR'])
  t.match(config, { port: 3001, store: { url: 'redis://one:6379' } })
})
