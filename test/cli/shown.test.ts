import t from 'tap'
import { botInWords, contentOf, messageLine, table } from '../../src/cli/shown.js'

const bot = { enabled: false, paused_at: null, paused_until: null, reason: 'api', note: null } as const

t.test('the bot is on, or silent for a reason', async (t) => {
  t.equal(botInWords({ ...bot, enabled: true }), 'the bot is on')
  t.equal(botInWords({ ...bot, note: 'a\nb' }), 'the bot is silent until it is resumed (api: a ⏎ b)')
  t.equal(botInWords({ ...bot, paused_until: '2026-01-01', reason: null }), 'the bot is silent until 2026-01-01')
})

t.test('a message is a line, whatever is in it', async (t) => {
  const said = {
    created_at: '2026',
    type: 'AI',
    content: 'a\nb',
    message_type: 'text',
    status: 'sent',
    source: 'x',
  } as const
  t.equal(messageLine({ ...said, reason: null, evidence: 'text' }), '2026  AI          a ⏎ b  [sent · text]')
  t.equal(contentOf({ content: '', message_type: 'image' }), '[image]')
  t.equal(contentOf({ content: null }), '[no text]')
})

t.test('a table has its columns below each other, and fits', async (t) => {
  t.equal(
    table(
      [
        ['A', 'B'],
        ['long', 'x'],
      ],
      80,
    ),
    'A     B\nlong  x',
  )
  t.equal(
    table(
      [
        ['A', 'B'],
        ['long', 'much too long'],
      ],
      10,
    ),
    'A     B\nlong  muc…',
  )
})
