import t from 'tap'
import { botInWords, decisionInWords } from '../../src/demo/words.js'

t.test('a decision is told with its evidence, or with the reason why nobody is asked', async (t) => {
  for (const [author, evidence, reason, words] of [
    ['bot', 'flag', null, 'bot · evidence flag: a workflow announced it'],
    ['bot', 'new', null, 'bot · evidence new: see docs/echoes.md'],
    ['customer', null, null, 'customer · becomes a question'],
    ['customer', null, 'bot_paused', 'customer · not asked: bot_paused'],
    ['customer', null, 'share_held', 'customer · share_held: waits for its question'],
  ] as const) {
    t.equal(decisionInWords({ author, evidence, reason }), words)
  }
})

t.test('the bot is on, or silent for so long', async (t) => {
  const silentFor = (minutes: number) => new Date(minutes * 60_000).toISOString()
  for (const [enabled, paused_until, reason, words] of [
    [true, null, null, 'the bot is on'],
    [false, null, 'api', 'the bot is silent until handed back (api)'],
    [false, silentFor(5), 'api', 'the bot is silent for 5 min (api)'],
    [false, silentFor(360), 'human_echo', 'the bot is silent for 6 h (human_echo)'],
    [false, silentFor(61), 'human_echo', 'the bot is silent for 1 h 1 min (human_echo)'],
  ] as const) {
    t.equal(botInWords({ enabled, paused_until, reason }, 0), words)
  }
})
