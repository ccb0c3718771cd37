import t from 'tap'
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

t.test('a token of the settings is refreshed once, a moment after its first probe worked', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  const process = await world.process()
  t.same(world.asked, [], 'nothing of the start waits for it')
  t.equal(process.token(), 'settings-1')
  await world.pass(SECOND)
  t.same(world.asked, [[SECOND, 'settings-1']])
  t.equal(process.token(), 'new')
  t.equal(process.expiresIn(), 60 * DAY)
  t.match(process.lines, [/^info 1 : the token of this channel was refreshed, it is good until 20/])
  t.same(process.probes, ['settings-1', 'new'])
  await world.pass(52 * DAY, HOUR)
  t.equal(world.asked.length, 1)
  await world.pass(2 * DAY, HOUR)
  t.match(world.asked, [[], [SECOND + 53 * DAY, 'new']], 'again a week before its end')
  t.notMatch(world.kept()!, /settings|new/)
})

t.test('after a restart the refreshed token counts, although the settings have the old one', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  const first = await world.process()
  await world.pass(SECOND)
  await first.stop()
  const second = await world.process()
  t.equal(second.token(), 'new')
  t.equal(second.expiresIn(), 60 * DAY)
  t.same(second.probes, ['new'], 'before the first probe')
  await world.pass(DAY, MINUTE)
  t.equal(world.asked.length, 1)
})

t.test('a token is not refreshed before a probe of it has worked', async (t) => {
  const world = tokenWorld(t)
  world.probe = async () => ({ is: 'unknown', code: 'timeout' })
  const process = await world.process()
  await world.pass(DAY, HOUR)
  t.same(world.asked, [])
  world.probe = async () => DEAD
  await process.reload(login('1', 'other'))
  await world.pass(DAY, HOUR)
  t.same(world.asked, [])
  world.probe = async () => WORKS
  await process.reload(login('1', 'working'))
  await world.pass(SECOND)
  t.match(world.asked, [[2 * DAY + SECOND, 'working']])
})

t.test('a token for which Meta refuses the probe alone is refreshed', async (t) => {
  for (const outcome of [
    { is: 'refused', code: '10' },
    { is: 'unknown', code: '100/33' },
    { is: 'unknown', code: 'http_404' },
  ] as const) {
    const world = tokenWorld(t)
    world.answer = async () => fresh('new')
    world.probe = async () => outcome
    const process = await world.process()
    await world.pass(SECOND)
    t.equal(process.token(), 'new', outcome.code)
  }
  const world = tokenWorld(t)
  world.probe = async () => ({ is: 'unknown', code: 'http_503' })
  await world.process()
  await world.pass(HOUR, MINUTE)
  t.same(world.asked, [])
})

t.test('a channel whose probe found nothing out waits, and holds up no other', async (t) => {
  const world = tokenWorld(t)
  world.probe = async (token) => (token === 'settings-1' ? { is: 'unknown', code: 'timeout' } : WORKS)
  const process = await world.process({ channels: [login('1'), login('2')] })
  await world.pass(HOUR, SECOND)
  t.same(
    world.asked.map(([, token]) => token),
    ['settings-2'],
  )
  world.probe = async () => WORKS
  await process.probeAll()
  await world.pass(2 * SECOND)
  t.equal(world.asked.at(-1)?.[1], 'settings-1')
})

t.test('one that is too young is asked for again after a day', async (t) => {
  const world = tokenWorld(t)
  const process = await world.process()
  await world.pass(SECOND)
  t.match(process.lines, [/^info 1 10: Meta does not refresh the token of this channel yet; asked again in a day$/])
  await process.stop()
  await world.process()
  await world.pass(23 * HOUR, MINUTE)
  t.equal(world.asked.length, 1, 'nor after a restart')
  world.answer = async () => fresh('new')
  await world.pass(2 * HOUR, MINUTE)
  t.match(world.asked, [[], [SECOND + DAY, 'settings-1']])
})

t.test('where Meta is out of reach it is asked again after some minutes, and more and more', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => LOST
  const process = await world.process()
  await world.pass(2 * DAY, 5 * SECOND)
  const pauses = world.asked.map(([at], i) => Math.round((at - (world.asked[i - 1]?.[0] ?? 0)) / MINUTE))
  t.same(pauses.slice(0, 9), [0, 5, 10, 20, 40, 80, 160, 320, 360])
  t.same(process.lines, [], 'of a token whose end is not near nothing is said')
  world.answer = async () => fresh('new')
  await world.pass(6 * HOUR, MINUTE)
  t.equal(process.token(), 'new')
})

t.test('of two processes one asks, and the other learns of it', async (t) => {
  const world = tokenWorld(t)
  let answer: (outcome: ReturnType<typeof fresh>) => void = () => {}
  world.answer = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  const processes = [await world.process(), await world.process(), await world.process()]
  await world.pass(MINUTE, SECOND)
  t.equal(world.asked.length, 1)
  answer(fresh('new'))
  await settled()
  t.equal(processes.filter((each) => each.token() === 'new').length, 1)
  await world.pass(10 * MINUTE, SECOND)
  for (const process of processes) {
    t.equal(process.token(), 'new')
    t.ok(process.expiresIn() > 59 * DAY)
    t.equal(process.probes.at(-1), 'new')
  }
  await world.pass(DAY, MINUTE)
  t.equal(world.asked.length, 1)
  t.equal(processes.flatMap(({ lines }) => lines).length, 1)
  // At the end only one asks again.
  world.answer = async () => fresh('newest')
  await world.pass(53 * DAY, HOUR)
  t.equal(world.asked.length, 2)
})

t.test('whoever asks the API for it learns of it at once', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  const other = await world.process({ channels: [login('1')] })
  await other.read()
  await world.process()
  await world.pass(SECOND)
  world.isAway = true
  await t.rejects(other.read(), { code: 'store_unavailable' })
  world.isAway = false
  await other.read()
  t.equal(other.token(), 'new')
})

t.test('a process that dies while Meta answers costs some minutes', async (t) => {
  const world = tokenWorld(t)
  world.answer = () => new Promise(() => {})
  const first = await world.process()
  await world.pass(SECOND)
  t.equal(world.asked.length, 1)
  world.answer = async () => fresh('new')
  const second = await world.process()
  await world.pass(9 * MINUTE, SECOND)
  t.equal(world.asked.length, 1)
  t.equal(second.token(), 'settings-1', 'the old one works')
  await world.pass(2 * MINUTE, SECOND)
  t.equal(world.asked.length, 2)
  t.equal(second.token(), 'new')
  await world.pass(10 * MINUTE, SECOND)
  t.equal(first.token(), 'new')
})

t.test('a newer token of the settings counts at once, and begins anew', async (t) => {
  const world = tokenWorld(t)
  world.answer = async (token) => fresh(`${token}+`)
  const process = await world.process()
  await world.pass(SECOND)
  t.equal(process.token(), 'settings-1+')
  await process.reload(login('1', 'by-hand'))
  t.equal(process.token(), 'by-hand')
  t.equal(process.channels.get('1')?.tokenExpiresAt, 0)
  // Another process still has the older settings: its token is not taken for a newer one.
  const older = await world.process()
  t.equal(older.token(), 'settings-1+')
  await world.pass(SECOND)
  t.equal(process.token(), 'by-hand+')
  await older.read()
  t.equal(older.token(), 'by-hand+')
  await world.pass(DAY, MINUTE)
  t.equal(world.asked.length, 2)
  t.equal(process.token(), 'by-hand+')
})

t.test('a reload while Meta is asked: the answer for the token of before is dropped', async (t) => {
  const world = tokenWorld(t)
  let answer: (outcome: ReturnType<typeof fresh>) => void = () => {}
  world.answer = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  const process = await world.process({ channels: [login('1'), login('2')] })
  await world.pass(SECOND)
  t.match(world.asked, [[SECOND, 'settings-1']])
  await process.reload(login('1', 'by-hand'), login('2'))
  answer(fresh('too late'))
  await settled()
  t.equal(process.token(), 'by-hand')
  world.answer = async (token) => fresh(`${token}+`)
  await world.pass(20 * SECOND)
  t.equal(process.token(), 'by-hand+')
  t.notOk(process.lines.some((line) => line.includes('too late')))
})

t.test('a reload that changes something else while Meta is asked keeps the answer', async (t) => {
  const world = tokenWorld(t)
  let answer: (outcome: ReturnType<typeof fresh>) => void = () => {}
  world.answer = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  const process = await world.process()
  await world.pass(SECOND)
  await process.reload({ ...login('1'), name: 'another' })
  answer(fresh('new'))
  await settled()
  t.match(process.channels.get('1'), { token: 'new', name: 'another' })
})

t.test('a channel that is removed while Meta is asked is left alone', async (t) => {
  const world = tokenWorld(t)
  let answer: (outcome: ReturnType<typeof fresh>) => void = () => {}
  world.answer = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  const process = await world.process()
  await world.pass(SECOND)
  const claimed = world.kept()
  await process.reload()
  answer(fresh('new'))
  await settled()
  t.equal(process.token(), undefined)
  t.equal(world.kept(), claimed)
  await world.pass(DAY, MINUTE)
  t.equal(world.asked.length, 1)
  // Removed between the claim and the request of the next one.
  await process.reload(login('1'))
  await world.pass(SECOND)
  t.equal(world.asked.length, 2)
})

t.test('a channel that comes back has its refreshed token at once', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  const process = await world.process()
  await world.pass(SECOND)
  await process.reload()
  t.equal(process.token(), undefined)
  await process.reload(login('1'))
  t.equal(process.token(), 'new')
  t.equal(world.asked.length, 1)
})

t.test('app secrets are rotated without losing a token', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  const process = await world.process()
  await world.pass(SECOND)
  process.secrets = ['other-secret', 'app-secret']
  await process.reload(login('1'))
  const next = await world.process({ secrets: ['other-secret'] })
  t.equal(next.token(), 'new')
  await world.pass(DAY, MINUTE)
  t.equal(world.asked.length, 1)
  t.same(next.lines, [])
})

t.test('with all secrets changed at once the token of the settings is refreshed anew', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  await (await world.process()).stop()
  const first = await world.process()
  await world.pass(SECOND)
  await first.stop()
  world.answer = async () => fresh('newer')
  const second = await world.process({ secrets: ['other-secret'] })
  t.equal(second.token(), 'settings-1')
  await world.pass(MINUTE, SECOND)
  t.equal(second.token(), 'newer')
  t.match(second.lines, [/^warn 1 : the refreshed token in the store cannot be opened/, /^info 1/])
  t.equal(second.lines.length, 2)
})

t.test('with the store away nothing is asked of Meta, and nothing is lost', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  world.isAway = true
  const process = await world.process()
  await world.pass(HOUR, SECOND)
  t.same(world.asked, [])
  t.equal(process.token(), 'settings-1')
  world.isAway = false
  await world.pass(2 * MINUTE, SECOND)
  t.equal(world.asked.length, 1)
  t.equal(process.token(), 'new')
})

t.test('the start waits until the store was read, or the process stops', async (t) => {
  const world = tokenWorld(t)
  world.isAway = true
  const process = await world.process()
  let isStarted = false
  const starting = process.start().then(() => {
    isStarted = true
  })
  await world.pass(10 * SECOND)
  t.equal(isStarted, false)
  await process.stop()
  await starting
  t.equal(isStarted, true)
  const other = await world.process()
  world.isAway = false
  await world.pass(SECOND)
  await other.start()
})

t.test('a store that goes away before the new token is written gets it when it is back', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => {
    world.isAway = true
    return fresh('new')
  }
  const process = await world.process()
  await world.pass(10 * SECOND)
  t.equal(process.token(), 'settings-1')
  world.isAway = false
  await world.pass(SECOND)
  t.equal(process.token(), 'new')
  t.equal(world.asked.length, 1)
})

t.test('a stop does not wait for a store that is away', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => {
    world.isAway = true
    return fresh('new')
  }
  const process = await world.process()
  await world.pass(2 * SECOND)
  const stopping = process.stop()
  await world.pass(SECOND)
  await stopping
  t.equal(process.token(), 'settings-1')
})

t.test('many channels are asked for one after the other', async (t) => {
  const world = tokenWorld(t)
  world.answer = async (token) => fresh(`${token}+`)
  const channels = ['1', '2', '3', '4'].map((id) => login(id))
  const process = await world.process({ channels: [...channels, { ...login('5'), sendAs: '6' }] })
  await world.pass(10 * SECOND, 50)
  t.same(
    world.asked.map(([, token]) => token),
    ['settings-1', 'settings-2', 'settings-3', 'settings-4'],
  )
  const apart = world.asked.map(([at], i) => at - (world.asked[i - 1]?.[0] ?? at)).slice(1)
  t.ok(apart.every((ms) => ms >= 200))
  t.same(
    [...process.channels.all()].map(({ token }) => token),
    ['settings-1+', 'settings-2+', 'settings-3+', 'settings-4+', 'settings-5'],
  )
})

t.test('a refreshed token that a send found dead gives way at once', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  const process = await world.process()
  await world.pass(SECOND)
  const withNew = process.channels.get('1')!
  t.equal(withNew.token, 'new')
  world.probe = async (token) => (token === 'new' ? DEAD : WORKS)
  process.refused(withNew)
  await settled()
  t.equal(process.token(), 'settings-1')
  process.refused(withNew)
  process.refused({ ...withNew, token: null })
  process.refused(process.channels.get('1')!)
  await settled()
  t.equal(process.token(), 'settings-1', 'told late, and of the settings’ own, which leaves nothing to fall back to')
  t.equal(process.lines.filter((line) => line.startsWith('warn')).length, 1)
})

t.test('a refreshed token that Meta refuses gives way to that of the settings, if Meta takes that', async (t) => {
  const world = tokenWorld(t)
  world.answer = async () => fresh('new')
  const first = await world.process()
  await world.pass(SECOND)
  await first.stop()
  world.answer = async () => TOO_YOUNG
  world.probe = async () => DEAD
  const second = await world.process()
  await settled()
  t.equal(second.token(), 'new', 'neither works: nothing is changed')
  t.same(second.lines, [])
  await second.stop()
  world.probe = async (token) => (token === 'new' ? DEAD : WORKS)
  const third = await world.process()
  await settled()
  t.equal(third.token(), 'settings-1')
  t.equal(third.channels.get('1')?.tokenExpiresAt, 0)
  t.same(third.probes, ['new', 'settings-1'])
  t.match(third.lines, [/^warn 1 : Meta refuses the refreshed token of this channel and takes that of the settings/])
  await world.pass(SECOND)
  t.equal(world.asked.at(-1)?.[1], 'settings-1')
  const fourth = await world.process()
  t.equal(fourth.token(), 'settings-1')
})
