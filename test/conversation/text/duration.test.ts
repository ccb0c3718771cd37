import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { formatDuration, parseDuration } from '../../../src/conversation/text/duration.js'

t.test('a duration is read in milliseconds', async (t) => {
  const cases = { '500ms': 500, '3s': 3000, '10m': 600_000, '6h': 21_600_000, '30d': 2_592_000_000, '0': 0, '0s': 0 }
  for (const [text, ms] of Object.entries(cases)) t.equal(parseDuration(text), ms, text)
  t.equal(parseDuration('forever'), FOREVER)
})

t.test('an invalid duration is null', async (t) => {
  const cases = ['', '3', '-3s', '1.5h', '3 s', ' 3s', '3S', '3w', '3min', 's', 'ever', '3s5ms', '1e3s', '３s']
  for (const text of cases) t.equal(parseDuration(text), null, JSON.stringify(text))
})

t.test('a duration of more than a hundred years is refused', async (t) => {
  t.equal(parseDuration('36500d'), 36_500 * 86_400_000)
  t.equal(parseDuration('36501d'), null)
  t.equal(parseDuration('999999999999999d'), null)
  t.equal(parseDuration(`${'9'.repeat(400)}d`), null)
})

t.test('a length is written in the largest unit that loses nothing', async (t) => {
  const cases = { '0': 0, '1500ms': 1500, '90s': 90_000, '2m': 120_000, '6h': 21_600_000, '1d': 86_400_000 }
  for (const [text, ms] of Object.entries(cases)) t.equal(formatDuration(ms), text)
  t.equal(formatDuration(0.5), '0.5ms')
  t.equal(formatDuration(FOREVER), 'forever')
})
