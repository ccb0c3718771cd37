import t from 'tap'
import type { Channel } from '../../../src/conversation/channel.js'
import { createCurrentChannels } from '../../../src/engine/tokens/current-channels.js'
import { begun, type TokenRecord } from '../../../src/engine/tokens/token-record.js'
import { channelWith } from '../../fixtures/channel.js'

const login = (id: string, changes: Partial<Channel> = {}): Channel =>
  Object.freeze({ ...channelWith(), id, sendAs: id, token: `settings-${id}`, ...changes })
const mapOf = (...channels: Channel[]) => new Map(channels.map((each) => [each.id, each]))
const record = (id: string, token: string | null, expiresAt = 9): TokenRecord => ({
  ...begun(`settings-${id}`, null),
  token,
  expiresAt,
})

t.test('a refreshed token stands in the place of the older one of the settings', async (t) => {
  const records = new Map([['1', record('1', 'refreshed')]])
  const others = [login('2'), login('3', { platform: 'facebook' }), login('4', { token: null })]
  const channels = createCurrentChannels(mapOf(login('1'), ...others), (id) => records.get(id) ?? null)
  t.match(channels.get('1'), { ...login('1'), token: 'refreshed', tokenExpiresAt: 9 })
  t.ok(Object.isFrozen(channels.get('1')))
  for (const other of others) t.equal(channels.get(other.id)?.tokenExpiresAt, 0)
  t.match(channels.configured('1'), { token: 'settings-1', tokenExpiresAt: 0 })
  t.equal(channels.get('5'), undefined)
  t.same([...channels.ids()], ['1', '2', '3', '4'])
  t.same(
    [...channels.all()].map(({ token }) => token),
    ['refreshed', 'settings-2', 'settings-3', null],
  )
  t.same(
    channels.logins().map(({ token }) => token),
    ['settings-1', 'settings-2'],
  )
})

t.test('a record of another token of the settings, or without a token, changes nothing', async (t) => {
  const records = new Map([
    ['1', record('other', 'refreshed')],
    ['2', record('2', null)],
    ['3', record('3', 'refreshed')],
  ])
  const given = [login('1'), login('2'), login('3', { sendAs: '1' })]
  const channels = createCurrentChannels(mapOf(...given), (id) => records.get(id) ?? null)
  for (const channel of given) t.equal(channels.get(channel.id), channel)
})

t.test('only what changes gets another object', async (t) => {
  const records = new Map([['1', record('1', 'refreshed')]])
  const one = login('1')
  const channels = createCurrentChannels(mapOf(one, login('2')), (id) => records.get(id) ?? null)
  const before = channels.get('1')
  t.equal(channels.renew('1'), false)
  t.equal(channels.renew('2'), false)
  t.equal(channels.renew('3'), false)
  t.equal(channels.get('1'), before)
  t.equal(channels.get('3'), undefined)
  records.set('1', record('1', 'refreshed', 10))
  t.equal(channels.renew('1'), false, 'the token is the same')
  t.match(channels.get('1'), { tokenExpiresAt: 10 })
  records.set('1', record('1', 'once more'))
  t.equal(channels.renew('1'), true)
  t.match(channels.get('1'), { token: 'once more' })
  t.same([...channels.ids()], ['1', '2'])
})

t.test('a reload holds at once', async (t) => {
  const records = new Map([
    ['1', record('1', 'refreshed')],
    ['3', record('3', 'of before')],
  ])
  const one = login('1')
  const channels = createCurrentChannels(mapOf(one, login('2')), (id) => records.get(id) ?? null)
  const before = channels.get('1')
  channels.use(mapOf(one, login('3')))
  t.equal(channels.get('1'), before, 'what the reload did not change keeps its object')
  t.equal(channels.get('2'), undefined)
  t.match(channels.get('3'), { token: 'of before' })
  channels.use(mapOf(login('1', { name: 'other' })))
  t.match(channels.get('1'), { name: 'other', token: 'refreshed' })
  channels.use(mapOf(login('1', { token: 'newer' })))
  t.match(channels.get('1'), { token: 'newer', tokenExpiresAt: 0 })
})
