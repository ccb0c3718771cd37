import t from 'tap'
import type { Channel } from '../../src/conversation/channel.js'
import { type ChannelHealth, createChannelHealth } from '../../src/engine/channel-health.js'
import type { Log } from '../../src/engine/ports.js'
import type { SendOutcome } from '../../src/engine/providers.js'
import { channelWith } from '../fixtures/channel.js'
import { MINUTE, SECOND } from '../fixtures/conversation.js'
import { sent } from '../fixtures/engine.js'
import { openMemory } from '../fixtures/memory-store.js'

const unusable = (code: string): SendOutcome => ({ is: 'dead', reason: 'channel_unusable', code })
const later = (afterMs: number): SendOutcome => ({ is: 'later', code: '613', afterMs })

function judged() {
  const { store, clock } = openMemory()
  const said: string[] = []
  const write = (level: string) => (_: object, message: string) => void said.push(`${level} ${message.split(':')[0]}`)
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  const refused: (string | null)[] = []
  const health: ChannelHealth = createChannelHealth({
    store,
    log,
    tokenRefused: ({ token }) => void refused.push(token),
  })
  const channel: Channel = { ...channelWith(), token: 'token' }
  return {
    health,
    channel,
    neighbour: { ...channel, id: '7' },
    store,
    said,
    refused,
    pass: clock.advance,
    heed: (outcome: SendOutcome) => health.heed(channel, outcome),
    isBlocked: () => health.refusal(channel) !== null,
    trouble: async () => (await store.channelFacts(channel.id)).trouble,
  }
}

const COMPLAINT = 'error no message of this channel gets through'

t.test('a channel without sends has no known trouble', async (t) => {
  const { health, channel, said } = judged()
  t.equal(health.refusal(channel), null)
  t.equal(health.restsUntil(channel), 0)
  t.same(said, [])
})

for (const code of ['190', '190/463', 'no_token']) {
  t.test(`error ${code} blocks the channel at once, for a minute`, async (t) => {
    const { heed, health, channel, neighbour, pass, trouble, store, said } = judged()
    const at = store.now()
    heed(unusable(code))
    t.same(health.refusal(channel), unusable(code))
    t.same(await trouble(), { at, code })
    t.equal(health.refusal(neighbour), null, 'and no other')
    pass(MINUTE - 1)
    t.same(health.refusal(channel), unusable(code))
    pass(1)
    t.equal(health.refusal(channel), null)
    t.same(said, [COMPLAINT])
  })
}

t.test('a dead token is told of once a minute, a missing permission is not', async (t) => {
  const { heed, channel, pass, refused } = judged()
  heed(unusable('200'))
  heed(unusable('200'))
  t.same(refused, [])
  pass(MINUTE)
  heed(unusable('190'))
  heed(unusable('190/463'))
  t.same(refused, [channel.token])
  pass(MINUTE)
  heed(unusable('190'))
  t.same(refused, [channel.token, channel.token])
})

t.test('a single missing permission may be the customer’s fault, two in a row are the channel’s', async (t) => {
  const { heed, isBlocked, trouble, said, store } = judged()
  heed(unusable('200'))
  t.equal(isBlocked(), false)
  t.equal(await trouble(), null)
  t.same(said, [])
  heed(unusable('200/1234'))
  t.equal(isBlocked(), true)
  t.same(await trouble(), { at: store.now(), code: '200/1234' })
  t.same(said, [COMPLAINT])
})

t.test('a code that only begins like the token’s is doubted like any other', async (t) => {
  const { heed, isBlocked } = judged()
  heed(unusable('1901'))
  t.equal(isBlocked(), false)
})

t.test('a message that gets through between two of them proves the first wrong', async (t) => {
  const { heed, isBlocked } = judged()
  for (let i = 0; i < 3; i++) {
    heed(unusable('200'))
    heed(sent())
  }
  t.equal(isBlocked(), false)
  heed(unusable('200'))
  t.equal(isBlocked(), false)
})

t.test('an outcome that says nothing about the channel neither confirms nor ends a doubt', async (t) => {
  const { heed, isBlocked } = judged()
  heed({ is: 'dead', reason: 'refused', code: '551' })
  heed({ is: 'dead', reason: 'refused', code: '551' })
  t.equal(isBlocked(), false)
  heed(unusable('200'))
  heed({ is: 'dead', reason: 'window_closed', code: '10/2534022' })
  heed({ is: 'unknown', code: 'timeout' })
  heed(later(0))
  t.equal(isBlocked(), false)
  heed(unusable('200'))
  t.equal(isBlocked(), true)
})

t.test('a doubt about one channel is none about another', async (t) => {
  const { health, channel, neighbour } = judged()
  health.heed(channel, unusable('200'))
  health.heed(neighbour, unusable('200'))
  t.equal(health.refusal(channel), null)
  t.equal(health.refusal(neighbour), null)
})

t.test('a successful send ends the trouble, and is logged once', async (t) => {
  const { heed, isBlocked, trouble, said, store } = judged()
  heed(unusable('190'))
  heed(sent())
  heed(sent())
  t.equal(isBlocked(), false)
  t.equal(await trouble(), null)
  t.equal((await store.channelFacts('1')).lastSentAt, store.now())
  t.same(said, [COMPLAINT, 'info messages of the channel get through again'])
})

t.test('concurrent failures are one complaint, a new one after the rest another', async (t) => {
  const { heed, said, pass, trouble, store } = judged()
  const at = store.now()
  heed(unusable('190'))
  pass(30 * SECOND)
  heed(unusable('190'))
  t.same(await trouble(), { at, code: '190' })
  t.same(said, [COMPLAINT])
  pass(30 * SECOND)
  heed(unusable('190'))
  t.same(await trouble(), { at: at + MINUTE, code: '190' })
  t.same(said, [COMPLAINT, COMPLAINT])
})

t.test('a new token is tried at once and judged on its own', async (t) => {
  const { health, channel, heed, said } = judged()
  const renewed: Channel = { ...channel, token: 'another' }
  heed(unusable('190'))
  t.equal(health.refusal(renewed), null)
  health.heed(renewed, unusable('190/460'))
  t.same(health.refusal(renewed), unusable('190/460'))
  t.equal(said.length, 2)
})

t.test('a channel rests for as long as Meta says, and a second where it names no time', async (t) => {
  for (const [outcome, restMs] of [
    [later(0), SECOND],
    [later(20 * SECOND), 20 * SECOND],
    [sent('m', MINUTE), MINUTE],
  ] as const) {
    const { health, channel, neighbour, heed, store } = judged()
    heed(outcome)
    t.equal(health.restsUntil(channel), store.now() + restMs)
    t.equal(health.restsUntil(neighbour), 0)
    t.equal(health.refusal(channel), null)
  }
})

t.test('a shorter rest does not cut a longer one, and no rest is none', async (t) => {
  const { health, channel, heed, store } = judged()
  heed(sent())
  t.equal(health.restsUntil(channel), 0)
  const until = store.now() + MINUTE
  heed(later(MINUTE))
  heed(later(0))
  heed(sent())
  t.equal(health.restsUntil(channel), until)
})
