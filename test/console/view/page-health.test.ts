import t from 'tap'
import { healthOf, modeInWords, whenInWords } from '../../../src/console/view/page-health.js'
import type { Channel } from '../../../src/console/view/shapes.js'
import { AT, iso } from '../../fixtures/console.js'

const page = (changes: Partial<Channel> = {}): Channel => ({
  id: '1',
  platform: 'instagram',
  name: null,
  mode: 'on',
  bot_pause_seconds: 21_600,
  connected: true,
  last_error: null,
  token_expires_at: null,
  last_sent_at: null,
  last_inbound_at: iso(0),
  last_echo_at: null,
  ...changes,
})
const broken = (code: string) => page({ connected: false, last_error: { code, at: iso(0) } })
const DAY = 86_400_000

t.test('a page works, or it is said what is wrong and what to do', async (t) => {
  t.match(healthOf(page(), AT), { mood: 'good', advice: null })
  t.match(healthOf(page({ connected: null }), AT), { mood: 'unknown', words: /not been tried/ })
  t.match(healthOf(page({ last_inbound_at: null }), AT), { mood: 'unknown', advice: /subscriptions/ })
  t.match(healthOf(page({ token_expires_at: iso(30 * DAY) }), AT), { mood: 'good' })
  t.match(healthOf(page({ token_expires_at: iso(2.5 * DAY) }), AT), { mood: 'bad', words: 'Its token ends in 2 days.' })
  t.match(healthOf(page({ token_expires_at: iso(-1) }), AT), { mood: 'bad', words: 'Its token has ended.' })
  for (const [code, words] of [
    ['190/460', /does not accept its token any more \(190\/460\)/],
    ['200', /lacks a permission/],
    ['10/2018065', /lacks a permission/],
    ['no_token', /has no token/],
    ['4', /refuses it \(4\)/],
  ] as const) {
    t.match(healthOf(broken(code), AT), { mood: 'bad', words, advice: /\w/ }, code)
  }
  t.match(healthOf(page({ connected: false }), AT), { mood: 'bad', words: 'It does not work.' })
})

t.test('times and modes of a page are shown', async (t) => {
  t.equal(whenInWords(null, AT), 'never')
  t.equal(whenInWords(iso(-120_000), AT), '2 min ago')
  t.same((['on', 'off', 'test'] as const).map(modeInWords), [
    'The bot answers',
    'The bot is off',
    'The bot answers testers only',
  ])
})
