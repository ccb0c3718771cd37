import t from 'tap'
import { createRefreshToken } from '../../../src/engine/tokens/refresh-token.js'
import { settled } from '../../fixtures/manual-timers.js'
import {
  DAY,
  DEAD,
  fresh,
  HOUR,
  LOST,
  login,
  MINUTE,
  SECOND,
  TOO_YOUNG,
  tokenWorld,
  WORKS,
} from '../../fixtures/token-world.js'

t.test('a token near its end that is not refreshed is told of, once a day, with what to do', async (t) => {
  t.type(createRefreshToken, 'function')
  const world = tokenWorld(t)
  world.answer = async () => fresh('new', 9 * DAY)
  const process = await world.process()
  await world.pass(SECOND)
  world.answer = async () => LOST
  await world.pass(10 * DAY, 10 * MINUTE)
  const [, ...told] = process.lines
  t.match(told, [
    /^error 1 ECONNREFUSED: the token of this channel ends in 7 days and is not refreshed: give it a new one \(npm run connect/,
    /ends in 6 days/,
    /ends in 5 days/,
    /ends in 4 days/,
    /ends in 3 days/,
    /ends in 2 days/,
    /ends within a day/,
    /has ended/,
  ])
  t.equal(told.length, 8)
  t.ok(world.asked.length > 20)
  world.answer = async () => fresh('at last')
  await world.pass(6 * HOUR, 10 * MINUTE)
  t.equal(process.token(), 'at last')
  t.match(process.lines.at(-1), /^info 1 : the token of this channel was refreshed/)
})

t.test('a refusal near the end is told of too, and asked again after a day', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new', 8 * DAY)
  const process = await world.process()
  await world.pass(SECOND)
  world.answer = async () => TOO_YOUNG
  await world.pass(3.5 * DAY, MINUTE)
  t.match(process.lines.slice(1), [
    /^error 1 10: .* ends in 7 days/,
    /^error 1 10: .* ends in 6 days/,
    /^error 1 10: .*5 days/,
  ])
  t.equal(world.asked.length, 4)
})

t.test('a dead token is the probe’s affair', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => ({ is: 'refused', code: '190/463' })
  const process = await world.process()
  world.probe = async () => DEAD
  await world.pass(SECOND)
  t.same(process.lines, [])
  t.same(process.probes, ['settings-1', 'settings-1'], 'which looks at once')
  t.equal(process.token(), 'settings-1')
})

t.test('a new token that does not work does not take the place of one that does', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('broken')
  world.probe = async (token) => (token === 'broken' ? DEAD : WORKS)
  const process = await world.process()
  await world.pass(MINUTE, SECOND)
  t.equal(process.token(), 'settings-1')
  t.match(process.lines, [/^info 1 new_token_190\/463: Meta does not refresh the token of this channel yet/])
  await world.pass(23 * HOUR, MINUTE)
  t.equal(world.asked.length, 1)
  // Nobody knows whether this one works: it is asked for again soon.
  world.probe = async (token) => (token === 'broken' ? { is: 'unknown', code: 'timeout' } : WORKS)
  await world.pass(2 * HOUR, MINUTE)
  t.ok(world.asked.length > 2)
  t.equal(process.token(), 'settings-1')
  world.probe = async () => WORKS
  await world.pass(6 * HOUR, MINUTE)
  t.equal(process.token(), 'broken')
})

t.test('Meta may answer with the same token, which then ends later', async (t) => {
  const world = tokenWorld(t)
  world.answer = async (token) => fresh(token)
  const process = await world.process()
  await world.pass(SECOND)
  t.equal(process.token(), 'settings-1')
  t.equal(process.expiresIn(), 60 * DAY)
  t.same(process.probes, ['settings-1'])
  await world.pass(52 * DAY, HOUR)
  t.equal(world.asked.length, 1)
  await world.pass(2 * DAY, HOUR)
  t.equal(world.asked.length, 2)
})

t.test('a claim that is lost to another process, while the store answers late, asks nobody', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  let release: () => void = () => {}
  const slow = await world.process()
  world.hold = new Promise((resolve) => {
    release = resolve
  })
  await world.pass(SECOND)
  world.hold = null
  const fast = await world.process()
  await world.pass(SECOND)
  t.equal(world.asked.length, 1)
  t.equal(fast.token(), 'new')
  release()
  await settled()
  t.equal(slow.token(), 'new')
  t.equal(slow.expiresIn(), fast.expiresIn())
  t.equal(world.asked.length, 1)
})

t.test('a channel that is removed while the store is asked is left alone', async (t) => {
  const world = tokenWorld(t)
  const process = await world.process()
  let release: () => void = () => {}
  world.holdReading = new Promise((resolve) => {
    release = resolve
  })
  await world.pass(SECOND)
  const reloading = process.reload()
  world.holdReading = null
  release()
  await reloading
  await settled()
  t.same(world.asked, [])
  t.equal(world.kept(), null)
})

t.test('a new token that another process was faster with is dropped', async (t) => {
  const world = tokenWorld(t)
  let answer: (outcome: ReturnType<typeof fresh>) => void = () => {}
  world.answer = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  const slow = await world.process()
  await world.pass(SECOND)
  const late = answer
  world.answer = async () => fresh('of the other')
  const fast = await world.process()
  await world.pass(11 * MINUTE, SECOND)
  t.equal(fast.token(), 'of the other')
  late(fresh('too late'))
  await settled()
  t.not(slow.token(), 'too late')
  await slow.read()
  t.equal(slow.token(), 'of the other')
  t.notOk(slow.lines.some((line) => line.startsWith('info')))
})

t.test('the settings’ token is taken again only if nothing has changed meanwhile', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  const process = await world.process()
  await world.pass(SECOND)
  let answer: (outcome: typeof WORKS) => void = () => {}
  const later = () =>
    new Promise<typeof WORKS>((resolve) => {
      answer = resolve
    })
  world.probe = async (token) => (token === 'new' ? DEAD : token === 'by-hand' ? WORKS : later())
  const channel = process.channels.get('1')!
  process.probed(channel, DEAD)
  await settled()
  await process.reload({ ...login('1'), token: 'by-hand' })
  answer(WORKS)
  await settled()
  t.equal(process.token(), 'by-hand')
  t.notOk(process.lines.some((line) => line.startsWith('warn')))

  const kept = world.kept()
  process.probed(process.channels.get('1')!, DEAD)
  process.probed({ ...channel, id: '2' }, DEAD)
  process.probed({ ...channel, token: null }, DEAD)
  process.probed(channel, { is: 'refused', code: '10' })
  await settled()
  t.equal(world.kept(), kept, 'without a refreshed token there is nothing to go back from')
})
