import t from 'tap'
import { openScripts } from '../../fixtures/redis-scripts.js'

const { commands, redis } = await openScripts()
t.beforeEach(() => redis.flushall())

const KEYS = ['t', 'due', 'l0', 'l1', 'l2']
/** As large as places are, and one as far from the next as two of them ever are. */
const PLACE = 1_785_000_000_000_001

async function zset(key: string, members: Readonly<Record<string, number>>): Promise<void> {
  for (const [member, score] of Object.entries(members)) await redis.zadd(key, score, member)
}

async function terms(...all: readonly (readonly [term: string, id: string])[]): Promise<void> {
  for (const [term, id] of all) await redis.zadd('t', 0, `${term}\n${id}`)
}

const listed = (highest: string, count: number, beginning = '', keys = KEYS, dueLists = 0, prefix = '') =>
  commands.list(keys, [highest, count, beginning, dueLists, 5, prefix])

const found = async (...args: Parameters<typeof listed>) => {
  const [isGathered, , , ...flat] = await listed(...args)
  if (isGathered === 0) return null
  return Array.from({ length: flat.length / 3 }, (_, i) => flat.slice(3 * i, 3 * i + 3))
}

t.test('several lists are read as one, newest first, with the list of each entry', async (t) => {
  await zset('l0', { '1-1': PLACE, '1-4': PLACE + 3 })
  await zset('l2', { '1-2': PLACE + 1, '1-3': PLACE + 1 })
  const all = [
    ['1-4', String(PLACE + 3), 1],
    ['1-3', String(PLACE + 1), 3],
    ['1-2', String(PLACE + 1), 3],
    ['1-1', String(PLACE), 1],
  ]
  t.same(await found('+inf', 9), all)
  t.same(await found('+inf', 2), all.slice(0, 2))
  t.same(await found(String(PLACE + 1), 9), all.slice(1))
  t.same(await found('+inf', 9, '', ['t', 'due', 'l2']), [
    ['1-3', String(PLACE + 1), 1],
    ['1-2', String(PLACE + 1), 1],
  ])
  t.same(await found('+inf', 9, '', ['t', 'due']), [])
})

t.test('only the due conversations of the last lists are returned', async (t) => {
  await zset('l0', { '1-1': 1 })
  await zset('l1', { '1-2': 2, '1-3': 3 })
  await zset('l2', { '1-4': 4, '1-5': 5 })
  await zset('due', { '1-1': 1, '1-2': 5, '1-3': 6, '1-4': 1 })
  const ids = async (dueLists: number, highest = '+inf', beginning = '') =>
    (await found(highest, 9, beginning, KEYS, dueLists))?.map(([id, , list]) => [id, list])
  t.same(await ids(2), [
    ['1-4', 3],
    ['1-2', 2],
    ['1-1', 1],
  ])
  t.same(await ids(1), [
    ['1-4', 3],
    ['1-3', 2],
    ['1-2', 2],
    ['1-1', 1],
  ])
  t.same(await ids(2, '3'), [
    ['1-2', 2],
    ['1-1', 1],
  ])
  await terms(['ada', '1-5'])
  t.same(await ids(2, '+inf', 'ada'), [['1-5', 3]], 'who is looked for by name is looked at anyway')
})

t.test('the conversations of a term are found in their lists, each once', async (t) => {
  await zset('l0', { '1-1': 5, '1-4': 8 })
  await zset('l1', { '1-2': 6 })
  await redis.zadd('t', 0, '1-4', 0, '4\n1')
  await terms(['ada', '1-1'], ['adam', '1-2'], ['ad', '1-4'], ['ada king', '1-1'], ['ada', '1-9'], ['\u06a9ada', '1-4'])
  t.same(await found('+inf', 9, 'ada'), [
    ['1-2', '6', 2],
    ['1-1', '5', 1],
  ])
  t.same(await found('5', 9, 'ad'), [['1-1', '5', 1]])
  t.same(await found('+inf', 1, 'ad'), [['1-4', '8', 1]])
  t.same(await found('+inf', 9, '\u06a9'), [['1-4', '8', 1]])
  for (const id of ['1-4', '1-', '4']) t.same(await found('+inf', 9, id), [['1-4', '8', 1]], id)
  for (const beginning of ['b', 'ada\u00ff', '[', '(', '+', '-'])
    t.same(await found('+inf', 9, beginning), [], beginning)
})

t.test('a customer’s id is looked for on each page, and after an older version’s terms', async (t) => {
  await zset('l0', { '1-41': 5, '1-42': 6, '20-41': 7, '3-5': 8 })
  await redis.zadd('t', 0, '\n1', 0, '\n20', 0, '1-41', 0, '1-42', 0, '20-41', 0, '3-5', 0, '41\n1')
  const ids = async (beginning: string) => (await found('+inf', 9, beginning))?.map(([id]) => id)
  t.same(await ids('41'), ['20-41', '1-41'])
  t.same(await ids('4'), ['20-41', '1-42', '1-41'])
  t.same(await ids('2'), ['20-41'])
  t.same(await ids('20-4'), ['20-41'])
  t.same(await ids('5'), [], 'without its page among the terms')
})

t.test('more than two hundred matching terms are not collected', async (t) => {
  for (let i = 0; i < 200; i++) {
    await terms([`a${i}`, `1-${i}`])
    await redis.zadd('l0', i, `1-${i}`)
  }
  t.equal((await found('+inf', 500, 'a'))?.length, 200)
  await terms(['a200', '1-200'])
  t.equal(await found('+inf', 500, 'a'), null)
  t.equal((await found('+inf', 500, 'a1'))?.length, 111)
  await redis.zadd('t', 0, '\n1', 0, '\n20')
  for (let i = 700; i < 900; i++) await redis.zadd('t', 0, i < 800 ? `1-${i}` : `20-7${i}`)
  t.same(await found('+inf', 500, '7'), [])
  await redis.zadd('t', 0, '20-7')
  t.equal(await found('+inf', 500, '7'), null, 'on all pages together')
})

t.test(
  'of one page as many as asked for are looked for further down, and it is told where there may be more',
  async (t) => {
    for (let i = 1; i <= 40; i++) await zset(i % 2 === 0 ? 'l0' : 'l1', { [`${i % 8 === 0 ? '2' : '11'}-${i}`]: i })
    const of = (highest: string, count: number, prefix: string, beginning = '') =>
      listed(highest, count, beginning, KEYS, 0, prefix)
    t.same(await of('+inf', 2, '2-'), [1, '11-30', '30', '2-40', '40', 1, '2-32', '32', 1])
    t.same(await of('31', 3, '2-'), [1, '2-8', '8', '2-24', '24', 1, '2-16', '16', 1, '2-8', '8', 1])
    t.same(await of('2', 3, '11-'), [1, '', '', '11-2', '2', 1, '11-1', '1', 2])
    t.same(await of('3', 1, '11-'), [1, '11-3', '3', '11-3', '3', 2])
    t.same(await of('+inf', 3, '3-'), [1, '', ''])
    await terms(['ada', '2-40'], ['ada', '11-39'])
    t.same(await of('+inf', 3, '2-', 'ada'), [1, '', '', '2-40', '40', 1])
  },
)

t.test('a step walks a thousand places of a list, and returns where to continue', async (t) => {
  const many = Array.from({ length: 2_500 }, (_, i) => [i, `1-${i}`]).flat()
  await redis.zadd('l0', ...many)
  await zset('l0', { '2-1': 700.5 })
  t.same(await listed('+inf', 10, '', KEYS, 0, '2-'), [1, '1-1500', '1500'])
  t.same(await listed('1500', 10, '', KEYS, 0, '2-'), [1, '1-502', '502', '2-1', '700.5', 1])
  t.same(await listed('502', 10, '', KEYS, 0, '2-'), [1, '', ''])
})

const RELIST_KEYS = ['c', 't', 'n', 'l0', 'l1', 'l2']
const whereIs = async () => Promise.all(['l0', 'l1', 'l2'].map((key) => redis.zscore(key, '1-2')))

t.test('a conversation is put where it belongs, with the place that it had or the one given', async (t) => {
  await redis.set('c', 'v1state')
  await commands.relist(RELIST_KEYS, ['1-2', 'v1', 1, 7, '+ada'])
  t.same(await whereIs(), [null, '7', null])
  await zset('l0', { '1-2': PLACE })
  await commands.relist(RELIST_KEYS, ['1-2', 'v1', 2, 9, '+'])
  t.same(await whereIs(), [null, null, String(PLACE)], 'the newest of the places that it had')
  t.same(await redis.zrange('t', '0', '-1'), ['\n1', '1-2'])
  await zset('l0', { '1-2': 7 })
  await commands.relist(RELIST_KEYS, ['1-2', 'v1', 2, 9, '+'])
  t.same(await whereIs(), [null, null, String(PLACE)])
  await commands.relist(RELIST_KEYS, ['1-2', 'v1', '', 9, '-'])
  t.same(await whereIs(), [null, null, null])
  t.same(await redis.zrange('t', '0', '-1'), [])
})

t.test('a conversation that has changed since it was read is left in its list', async (t) => {
  await redis.set('c', 'v2state')
  await zset('l0', { '1-2': 5 })
  await commands.relist(RELIST_KEYS, ['1-2', 'v1', 1, 7, '+ada'])
  await commands.relist(RELIST_KEYS, ['1-2', '', '', 7, '-'])
  t.same(await whereIs(), ['5', null, null])
  t.equal(await redis.exists('t', 'n'), 0)
  await redis.del('c')
  await commands.relist(RELIST_KEYS, ['1-2', 'v2', 1, 7, '+ada'])
  t.same(await whereIs(), ['5', null, null])
  await commands.relist(RELIST_KEYS, ['1-2', '', '', 7, '-'])
  t.same(await whereIs(), [null, null, null])
})
