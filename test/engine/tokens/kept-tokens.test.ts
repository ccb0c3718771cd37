import t from 'tap'
import { RouterError } from '../../../src/engine/ports.js'
import { createKeptTokens } from '../../../src/engine/tokens/kept-tokens.js'
import { begun, type TokenRecord } from '../../../src/engine/tokens/token-record.js'
import { createSeal } from '../../../src/meta/seal.js'
import { createSealedTokens } from '../../../src/store/memory/sealed-tokens.js'

const record = (token: string): TokenRecord => ({ ...begun('of the settings', null), token, expiresAt: 9 })

/** Processes with app secrets of their own over one store. */
function world() {
  const texts = createSealedTokens()
  const world = {
    texts,
    isAway: false,
    isFull: false,
    process(...secrets: string[]) {
      const lines: object[] = []
      const note = (level: string) => (facts: object, message: string) => void lines.push({ level, ...facts, message })
      const its = { secrets }
      const kept = createKeptTokens({
        store: {
          tokens: {
            async read(id) {
              if (world.isAway) throw new RouterError('store_unavailable', 'away')
              return texts.read(id)
            },
            async replace(...args) {
              if (world.isAway || world.isFull) throw new RouterError('store_full', 'full')
              return texts.replace(...args)
            },
          },
        },
        seal: () => createSeal(its.secrets),
        log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
      })
      return { ...kept, lines, its }
    },
  }
  return world
}

t.test('what one process writes, another reads', async (t) => {
  const { process } = world()
  const [a, b] = [process('secret-1'), process('secret-1')]
  await a.read('1')
  t.equal(a.of('1'), null)
  t.equal(await a.replace('1', record('first')), true)
  t.same(a.of('1'), record('first'))
  t.equal(b.of('1'), null)
  t.equal(await b.replace('1', record('too late')), false)
  await b.read('1')
  t.same(b.of('1'), record('first'))
  t.equal(await b.replace('1', record('second')), true)
  t.equal(await a.replace('1', record('too late')), false)
  t.same(a.of('1'), record('first'))
  await a.read('1')
  t.same(a.of('1'), record('second'))
  t.same(a.of('2'), null)
  t.same([...a.lines, ...b.lines], [])
})

t.test('an answer that was overtaken by a write of this process is dropped', async (t) => {
  const { process, texts } = world()
  const a = process('secret-1')
  await a.replace('1', record('first'))
  const old = texts.read('1')
  let answer: (text: typeof old) => void = () => {}
  texts.read = () =>
    new Promise<string | null>((resolve) => {
      answer = resolve as typeof answer
    })
  const reading = a.read('1')
  await a.replace('1', record('second'))
  answer(createSeal(['secret-1']).close('1', 'older'))
  await reading
  t.same(a.of('1'), record('second'))
  t.same(a.lines, [])
  t.equal(await a.replace('1', record('third')), true)
})

t.test('what lacks a copy for one of the secrets is closed anew at once, so that the others may go', async (t) => {
  for (const rotated of [
    ['new-secret', 'old-secret'],
    ['old-secret', 'new-secret'],
  ]) {
    const { process, texts } = world()
    await process('old-secret').replace('1', record('first'))
    const both = process(...rotated)
    const before = texts.read('1')
    await both.read('1')
    t.same(both.of('1'), record('first'))
    t.not(texts.read('1'), before)
    const later = process('new-secret')
    await later.read('1')
    t.same(later.of('1'), record('first'))
    t.same([...both.lines, ...later.lines], [])
  }
})

t.test('replicas with other secrets do not close it anew in turns', async (t) => {
  const { process, texts } = world()
  const [one, both] = [process('old-secret'), process('new-secret', 'old-secret')]
  await one.replace('1', record('first'))
  await both.read('1')
  const now = texts.read('1')
  for (let i = 0; i < 3; i++) {
    await one.read('1')
    await both.read('1')
  }
  t.equal(texts.read('1'), now)
  // A reload drops the copies for secrets that are gone.
  both.its.secrets = ['new-secret']
  await both.resealAll()
  t.equal(createSeal(['old-secret']).open('1', texts.read('1') as string), null)
})

t.test('where it cannot be closed anew now, it is read all the same, and closed anew the next time', async (t) => {
  const world_ = world()
  await world_.process('old-secret').replace('1', record('first'))
  const both = world_.process('old-secret', 'new-secret')
  world_.isFull = true
  await both.read('1')
  t.same(both.of('1'), record('first'))
  t.equal(createSeal(['new-secret']).open('1', world_.texts.read('1') as string), null)
  world_.isFull = false
  await both.read('1')
  t.ok(createSeal(['new-secret']).open('1', world_.texts.read('1') as string))
})

t.test('what no secret opens is told once, and is as if it were not there', async (t) => {
  const { process } = world()
  await process('lost-secret').replace('1', record('first'))
  const a = process('new-secret')
  for (let i = 0; i < 3; i++) await a.read('1')
  t.equal(a.of('1'), null)
  t.match(a.lines, [
    {
      level: 'warn',
      channel: '1',
      message: /cannot be opened with META_APP_SECRETS.*put the secret of before beside the new one/,
    },
  ])
  t.equal(a.lines.length, 1)
  // Until it is replaced it comes back with its secret.
  a.its.secrets = ['new-secret', 'lost-secret']
  await a.resealAll()
  t.same(a.of('1'), record('first'))
  t.equal(await a.replace('1', record('second')), true)
})

t.test('what cannot be opened does not take away what this process has', async (t) => {
  const { process, texts } = world()
  const a = process('secret-1')
  await a.replace('1', record('mine'))
  const other = process('secret-2')
  await other.read('1')
  await other.replace('1', record('of another'))
  await a.read('1')
  t.same(a.of('1'), record('mine'))
  t.equal(a.lines.length, 1)
  t.ok(createSeal(['secret-2']).open('1', texts.read('1') as string), 'nor is it overwritten')
})

t.test('a reload with other secrets closes anew what this process knows, even if no old one is left', async (t) => {
  const { process } = world()
  const a = process('secret-1')
  await a.read('2')
  await a.replace('1', record('first'))
  a.its.secrets = ['secret-2']
  await a.resealAll()
  const b = process('secret-2')
  await b.read('1')
  t.same(b.of('1'), record('first'))
  await a.resealAll()
  t.equal(await b.replace('1', record('second')), true, 'what is closed with the first secret is left alone')
  t.equal(b.of('2'), null)
})

t.test('a store that was emptied gets back what this process knows', async (t) => {
  const first = world()
  const a = first.process('secret-1')
  await a.replace('1', record('first'))
  // Nobody removes a text: an emptied store is another one.
  const { read } = first.texts
  first.texts.read = () => null
  first.texts.replace = (id, expected, sealed) => {
    t.equal(expected, null)
    t.equal(id, '1')
    first.texts.read = () => sealed
    return true
  }
  await a.read('1')
  t.same(a.of('1'), record('first'))
  t.ok(createSeal(['secret-1']).open('1', first.texts.read('1') as string))
  t.not(first.texts.read('1'), read('1'))
})

t.test('where an emptied store takes nothing, it gets the record later', async (t) => {
  const world_ = world()
  const a = world_.process('secret-1')
  await a.replace('1', record('first'))
  const { replace } = world_.texts
  world_.texts.read = () => null
  world_.isFull = true
  await a.read('1')
  await a.resealAll()
  t.same(a.of('1'), record('first'))
  world_.isFull = false
  const written: unknown[] = []
  world_.texts.replace = (...args) => {
    written.push(args[1])
    return replace(...args)
  }
  await a.read('1')
  t.same(written, [null])
})

t.test('a store that is away is told to the caller, and changes nothing', async (t) => {
  const world_ = world()
  const a = world_.process('secret-1')
  await a.replace('1', record('first'))
  world_.isAway = true
  await t.rejects(a.read('1'), { code: 'store_unavailable' })
  await t.rejects(a.replace('1', record('second')), { code: 'store_full' })
  t.same(a.of('1'), record('first'))
  a.its.secrets = ['secret-2']
  await a.resealAll()
  world_.isAway = false
  await a.read('1')
  t.ok(createSeal(['secret-2']).open('1', world_.texts.read('1') as string), 'closed anew later')
})
