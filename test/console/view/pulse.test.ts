import t from 'tap'
import { MINUTE_MS, MINUTES, median, pulseOf, withRecent } from '../../../src/console/view/pulse.js'
import { AT, aMessage, iso } from '../../fixtures/console.js'

const at = (seconds: number, seq: number, type: 'customer' | 'AI' | 'support' | 'automation', more = {}) =>
  aMessage(seq, { type, created_at: iso(seconds * 1000), ...more })

t.test('messages are counted by minute and author, and waits measured', async (t) => {
  const now = AT + 14 * MINUTE_MS + 30_000
  const messages = [
    at(0, 1, 'customer'),
    at(2, 2, 'customer'),
    at(5, 3, 'AI'),
    at(6, 4, 'AI'),
    at(70, 5, 'customer', { status: 'skipped' }),
    at(80, 6, 'support'),
    at(90, 7, 'automation'),
    at(100, 8, 'customer', { conversation_id: '1-3' }),
    at(103, 9, 'AI', { conversation_id: '1-3' }),
    at(100, 1, 'customer', { conversation_id: '1-4' }),
    at(100, 2, 'support', { conversation_id: '1-4' }),
    at(100, 3, 'AI', { conversation_id: '1-4' }),
  ]
  const pulse = pulseOf(withRecent(new Map(), messages, now), now)
  t.equal(pulse.minutes.length, MINUTES)
  t.equal(pulse.minutes[0], AT)
  t.same(pulse.counts.customer.slice(0, 2), [2, 3])
  t.same(pulse.counts.bot.slice(0, 2), [2, 2])
  t.same(pulse.counts.person.slice(0, 2), [0, 2])
  t.same(pulse.counts.automation.slice(0, 2), [0, 1])
  t.same(pulse.answerSeconds.slice(0, 3), [5, 3, null], 'nobody waits for an answer that a person gave')
  t.equal(pulse.medianAnswerSeconds, 4)
})

t.test('a message counts once, in its latest version, and for a quarter of an hour', async (t) => {
  const first = withRecent(new Map(), [at(0, 1, 'AI', { status: 'queued' })], AT)
  const second = withRecent(first, [at(0, 1, 'AI', { status: 'sent' })], AT)
  t.match([...second.values()], [{ status: 'sent' }])
  t.equal(second.size, 1)
  t.equal(withRecent(second, [], AT + 17 * MINUTE_MS).size, 0)
  const old = pulseOf(second, AT + 15 * MINUTE_MS)
  t.same([...new Set(old.counts.bot)], [0])
  t.equal(old.medianAnswerSeconds, null)
  const many = Array.from({ length: 20_005 }, (_, i) => at(0, i, 'customer'))
  t.equal(withRecent(new Map(), many, AT).size, 20_000)
})

t.test('messages of one conversation keep their order within a moment', async (t) => {
  const answered = [at(0, 2, 'AI'), at(0, 1, 'customer')]
  t.equal(pulseOf(withRecent(new Map(), answered, AT), AT).medianAnswerSeconds, 0)
})

t.test('the median', async (t) => {
  t.same([median([]), median([3]), median([4, 1]), median([9, 1, 2])], [null, 3, 2.5, 2])
})
