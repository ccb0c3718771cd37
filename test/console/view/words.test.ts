import t from 'tap'
import {
  deathOf,
  evidenceInWords,
  kindInWords,
  pauseInWords,
  previewOf,
  standingOf,
  whatSendingDoes,
  whoWrote,
} from '../../../src/console/view/words.js'
import { DeadLetter, Message } from '../../../src/http/shapes.js'
import { aMessage } from '../../fixtures/console.js'

const wordsOf = (schema: unknown, property: string): readonly string[] => {
  const { properties } = schema as { properties: Record<string, { enum: readonly string[] }> }
  return properties[property]!.enum
}

t.test('the author of a message is explained in words', async (t) => {
  const who = wordsOf(Message, 'type').map((type) => whoWrote({ type: type as never }))
  t.same(who, ['customer', 'person', 'bot', 'bot', 'automation'])
})

t.test('the evidence, with who it makes the author', async (t) => {
  t.equal(evidenceInWords({ type: 'AI', evidence: 'flag' }), 'bot: announced by a flag')
  t.equal(evidenceInWords({ type: 'support', evidence: 'none' }), 'person: nobody announced it')
  t.equal(evidenceInWords({ type: 'automation', evidence: 'auto_reply' }), 'automation: Meta’s own instant reply')
  t.equal(evidenceInWords({ type: 'AI', evidence: 'a_newer_one' }), 'bot: a newer one')
  t.equal(evidenceInWords({ type: 'AI', evidence: null }), null)
})

t.test('every status is told where it does not go without saying', async (t) => {
  const told = wordsOf(Message, 'status').map((status) => standingOf(aMessage(1, { status: status as never })))
  t.same(
    told.map((standing) => standing?.mood ?? null),
    ['waiting', null, 'quiet', 'waiting', 'waiting', null, 'quiet', 'bad', 'waiting'],
  )
  for (const [status, reason, words, mood] of [
    ['received', 'share_held', 'waits for its question', 'waiting'],
    ['skipped', 'bot_paused', 'not asked: the bot was paused', 'quiet'],
    ['skipped', 'assistant_failed', 'not asked: the assistant failed', 'bad'],
    ['skipped', 'something_new', 'not asked: something new', 'quiet'],
    ['cancelled', 'bot_paused', 'not sent: the bot was paused', 'quiet'],
    ['failed', 'window_closed', 'not sent: Meta’s time for answering is over', 'bad'],
  ] as const) {
    t.same(standingOf(aMessage(1, { status, reason })), { words, mood }, `${status} ${reason}`)
  }
  t.match(standingOf({ type: 'AI', status: 'newer_one' as never, reason: null }), {
    words: 'newer one',
    mood: 'waiting',
  })
  t.match(standingOf({ type: 'customer', status: 'newer' as never, reason: null }), { mood: 'quiet' })
})

t.test('the reason of a pause is explained in words', async (t) => {
  t.equal(pauseInWords({ reason: 'human_echo', note: null }), 'a person wrote in the app')
  t.equal(pauseInWords({ reason: 'api', note: 'asks for the boss' }), 'paused by hand (asks for the boss)')
  t.equal(pauseInWords({ reason: null, note: null }), 'paused')
  t.equal(pauseInWords({ reason: 'new_reason' as never, note: null }), 'new reason')
})

t.test('a conversation has a preview line', async (t) => {
  t.equal(previewOf({ type: 'customer', content: 'Hi' }), 'Hi')
  t.equal(previewOf({ type: 'AI', content: 'Hello' }), 'Bot: Hello')
  t.equal(previewOf({ type: 'support', content: '' }), 'Person: Attachment')
  t.equal(previewOf({ type: 'automation', content: null }), 'Automatic: Attachment')
  t.equal(kindInWords('voice'), 'Voice message')
  t.equal(kindInWords('hologram'), 'Message')
})

t.test('every dead letter has a reason and an advice', async (t) => {
  for (const reason of wordsOf(DeadLetter, 'reason')) {
    const { why, advice } = deathOf({ reason: reason as never })
    t.notMatch(why + advice, /_/, reason)
    t.match(why, /\.$/)
  }
  t.match(deathOf({ reason: 'new_reason' as never }), { why: 'new reason', advice: /\w/ })
})

t.test('the effect of sending is shown beforehand', async (t) => {
  t.equal(whatSendingDoes(false, 21_600), 'Silences the bot for 6 hours.')
  t.equal(whatSendingDoes(false, null), 'Silences the bot until it is handed back.')
  t.equal(whatSendingDoes(true, 3600), 'Keeps the bot silent for 1 hour.')
  t.equal(whatSendingDoes(false, undefined), 'Silences the bot.')
  t.equal(whatSendingDoes(true, undefined), 'Keeps the bot silent for longer.')
})
