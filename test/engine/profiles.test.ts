import t from 'tap'
import { conversationIdOf } from '../../src/conversation/ids.js'
import { NO_PROFILE, type Profile } from '../../src/conversation/state/state.js'
import type { Receive } from '../../src/engine/ports.js'
import { RouterError } from '../../src/engine/ports.js'
import { createProfiles } from '../../src/engine/profiles.js'
import type { FoundProfile } from '../../src/engine/providers.js'
import { REAL_TIMERS } from '../../src/engine/timers.js'
import { channelWith } from '../fixtures/channel.js'
import { conversation, HOUR, MINUTE } from '../fixtures/conversation.js'
import { SILENT } from '../fixtures/redis-store.js'

const SARA: FoundProfile = { name: 'Sara', username: 'sara_1', picture: null }

function setUp(find: () => Promise<FoundProfile | null> = async () => SARA) {
  let now = 1_000 * HOUR
  const asked: string[] = []
  const received: [string, unknown][] = []
  const kept = new Map<string, Profile>()
  const channel = channelWith()
  const receive = (async (id: string, _channel: unknown, event: unknown) => {
    received.push([id, event])
    throw new RouterError('store_unavailable', 'away')
  }) as unknown as Receive
  const profiles = createProfiles({
    finder: {
      find(_channel, userId) {
        asked.push(userId)
        return find()
      },
    },
    store: { now: () => now, read: (id) => conversation({ id, profile: kept.get(id) ?? NO_PROFILE }) },
    receive,
    channelOf: (id) => (id.startsWith('1-') ? channel : undefined),
    log: SILENT,
    timers: REAL_TIMERS,
  })
  return {
    profiles,
    kept,
    asked,
    received,
    now: () => now,
    wait(ms: number) {
      now += ms
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

const of = (user: number, profile = NO_PROFILE) => conversation({ id: conversationIdOf('1', String(user)), profile })

t.test('an unknown profile is fetched once and recorded', async (t) => {
  const { profiles, asked, received } = setUp()
  profiles.want(of(1))
  profiles.want(of(1))
  await settled()
  t.same(asked, ['1'])
  t.match(received, [['1-1', { is: 'profile', found: SARA }]])
  profiles.stop()
})

t.test('a profile is kept for a day, a failure for an hour', async (t) => {
  const { profiles, asked, now, wait } = setUp(async () => null)
  const known = { ...NO_PROFILE, at: now(), isKnown: true }
  const failed = { ...NO_PROFILE, at: now() }
  profiles.want(of(1, known))
  profiles.want(of(2, failed))
  t.same(asked, [])
  wait(HOUR - 1)
  profiles.want(of(2, failed))
  t.same(asked, [])
  wait(1)
  profiles.want(of(2, failed))
  await settled()
  t.same(asked, ['2'])
  await settled()
  profiles.stop()
  t.same(asked, ['2'])
  wait(23 * HOUR + MINUTE)
  profiles.want(of(1, known))
  t.same(asked, ['2'], 'nobody is asked for any more')
})

t.test('a few a second, and no more wait than can be remembered', async (t) => {
  const { profiles, asked } = setUp()
  for (let user = 1; user <= 1_500; user++) profiles.want(of(user))
  await settled()
  t.equal(asked.length, 1)
  await new Promise((resolve) => setTimeout(resolve, 500))
  t.ok(asked.length >= 2 && asked.length <= 4, `${asked.length}`)
  profiles.stop()
})

t.test('no profile is fetched on a channel without a token or one that is gone', async (t) => {
  const { profiles, asked } = setUp()
  profiles.want(conversation({ id: conversationIdOf('2', '1') }))
  t.same(asked, [])
  profiles.stop()
})

t.test('a channel that goes while it waits', async (t) => {
  let isThere = true
  const channel = channelWith()
  const asked: string[] = []
  const profiles = createProfiles({
    finder: {
      async find(_channel, userId) {
        asked.push(userId)
        return null
      },
    },
    store: { now: () => HOUR, read: (id) => conversation({ id }) },
    receive: (() => {}) as unknown as Receive,
    channelOf: () => (isThere ? channel : undefined),
    log: SILENT,
    timers: REAL_TIMERS,
  })
  profiles.want(of(1))
  profiles.want(of(2))
  isThere = false
  await new Promise((resolve) => setTimeout(resolve, 300))
  await settled()
  t.same(asked, ['1'])
  profiles.stop()
})

t.test('a profile that another process has fetched meanwhile is not fetched again', async (t) => {
  const { profiles, kept, asked, now } = setUp()
  kept.set('1-1', { ...NO_PROFILE, at: now() })
  profiles.want(of(1))
  await settled()
  t.same(asked, [])
  profiles.stop()
})
