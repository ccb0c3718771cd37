import t from 'tap'
import { distance, hintFor, noneOf } from '../../src/config/nearest.js'

t.test('the distance of two names is the number of slips between them', async (t) => {
  const cases: [string, string, number][] = [
    ['PORT', 'PORT', 0],
    ['PORT', 'PORTS', 1],
    ['PORT', 'POT', 1],
    ['PORT', 'PART', 1],
    ['PORT', 'PROT', 1],
    ['PORT', 'TORP', 2],
    ['', 'abc', 3],
    ['abc', '', 3],
  ]
  for (const [from, to, slips] of cases) t.equal(distance(from, to), slips, `${from} ${to}`)
})

t.test('the nearest name is the first of those with the fewest slips', async (t) => {
  t.equal(hintFor('DIFY_TOKEN', ['API_TOKENS', 'DIFY_TOKENS', 'DIFY_TOKEN_']), 'did you mean DIFY_TOKENS?')
})

t.test('the hint for a name that resembles no known name lists all known names', async (t) => {
  const known = ['mode', 'sat', 'awayText']
  t.equal(hintFor('mod', known), 'did you mean mode?')
  t.equal(hintFor('saturday', known), 'did you mean sat?')
  t.equal(hintFor('greeting', known), 'known are mode, sat, awayText')
})

t.test('a word that is none of those allowed is told with all of them, once', async (t) => {
  t.equal(noneOf('opne', ['open', 'closed']), 'is open or closed, not "opne": did you mean open?')
  t.equal(noneOf('shut', ['open', 'closed']), 'is open or closed, not "shut"')
})
