import t from 'tap'
import {
  announcedUntil,
  beginSpokenRun,
  cutOffSpokenRun,
  endSpokenRun,
  hearText,
  isTextOf,
  mayHaveSpoken,
  renameSpokenRun,
  runExpecting,
  runThatSent,
  withFurtherParts,
  withoutSpokenRun,
  withWords,
} from '../../../src/conversation/expected/spoken-runs.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import { digestOf } from '../../../src/conversation/text/digest.js'
import {
  conversation,
  flagUse,
  MINUTE,
  message,
  policy,
  run,
  SECOND,
  START,
  spokenRun,
} from '../../fixtures/conversation.js'

const RULES = policy({ assistantSends: true })
const begun = (startedAt = START): Conversation => beginSpokenRun(conversation(), run({ startedAt }))
const expects = (state: Conversation, text: string, at = START): boolean =>
  runExpecting(state, digestOf(text), at, at) !== null
const heard = (state: Conversation, text: string): Conversation =>
  hearText(state, runExpecting(state, digestOf(text), START, START)!, digestOf(text))

t.test('a run’s text is expected as a whole and in its parts, each once', async (t) => {
  const [a, b] = ['a'.repeat(900), 'b'.repeat(900)]
  const state = withWords(begun(), START, [`${a}\n\n${b}`], RULES)
  for (const text of [a, b, `${a}\n\n${b}`]) t.ok(expects(state, text))
  const first = heard(state, a)
  t.notOk(expects(first, a))
  t.ok(expects(first, b))
  t.notOk(expects(first, `${a} ${b}`), 'what came in parts does not come as a whole')
  t.notOk(expects(heard(first, b), b))
  const whole = heard(state, `${a}\n\n${b}`)
  for (const text of [a, b]) t.notOk(expects(whole, text), 'nor the other way round')
})

t.test('a text whose echo came before it was known to be the run’s is not expected any more', async (t) => {
  const state = begun()
  const known = hearText(state, state.spoken[0]!, digestOf('yes'))
  t.notOk(expects(withWords(known, START, ['yes', 'and no'], RULES), 'yes'))
  t.ok(expects(withWords(known, START, ['yes', 'and no'], RULES), 'and no'))
  t.ok(isTextOf(known.spoken[0]!, digestOf('yes')))
  t.notOk(isTextOf(known.spoken[0]!, null))
  t.equal(hearText(known, known.spoken[0]!, null), known, 'a picture has no text')
})

t.test('later texts of a run replace earlier ones; blank and repeated ones are ignored', async (t) => {
  const state = withWords(begun(), START, ['It', ' ', 'It'], RULES)
  t.equal(state.spoken[0]!.expected.length, 1)
  const later = withWords(state, START, ['It costs 5'], RULES)
  t.notOk(expects(later, 'It'))
  t.ok(expects(later, 'It costs 5'))
})

t.test('an endless run is not expected to its end', async (t) => {
  const texts = Array.from({ length: 1_000 }, (_, i) => `text ${i}`)
  const state = withWords(begun(), START, texts, RULES)
  t.equal(state.spoken[0]!.expected.length, 128)
})

t.test('a text is expected while the run is under way and for ECHO_TTL after its end', async (t) => {
  const state = withWords(begun(), START, ['hi'], RULES)
  t.ok(expects(state, 'hi', START + 100 * MINUTE))
  for (const end of [endSpokenRun, cutOffSpokenRun]) {
    const over = end(state, START, RULES, START + SECOND)
    t.ok(expects(over, 'hi', START + SECOND + MINUTE - 1))
    t.notOk(expects(over, 'hi', START + SECOND + MINUTE))
  }
})

t.test('a message that another program sent during the run is the run’s', async (t) => {
  const sent = (at: number, changes = {}) => message({ type: 'AI', fromApp: true, at, ...changes })
  const state = begun()
  t.equal(runThatSent(state, sent(START))?.startedAt, START)
  t.equal(runThatSent(state, sent(START - 1)), null)
  t.equal(runThatSent(state, sent(START, { type: 'marketing' })), null)
  t.equal(runThatSent(state, sent(START, { fromApp: false })), null)
  const over = endSpokenRun(state, START, RULES, START + SECOND)
  t.equal(runThatSent(over, sent(START + SECOND - 1))?.startedAt, START)
  t.equal(runThatSent(over, sent(START + SECOND)), null, 'the router’s own farewell')
  const cut = cutOffSpokenRun(state, START, RULES, START + SECOND)
  t.equal(runThatSent(cut, sent(START + MINUTE))?.startedAt, START, 'nobody knows when it ends')
})

t.test('a run goes by its newest name, and one that never began is forgotten', async (t) => {
  t.equal(renameSpokenRun(begun(), START, 'run-2').spoken[0]?.runId, 'run-2')
  t.strictSame(withoutSpokenRun(begun(), START).spoken, [])
  const none = conversation()
  t.equal(endSpokenRun(none, START, RULES, START), none)
})

t.test('marks from the next run’s start on belong to the next run', async (t) => {
  const two = beginSpokenRun(begun(), run({ id: 'run-2', startedAt: START + MINUTE }))
  t.same(
    renameSpokenRun(two, START, 'run-3').spoken.map(({ runId }) => runId),
    ['run-3', 'run-2'],
  )
  t.equal(announcedUntil(two, two.spoken[0]!), START + MINUTE)
  t.equal(announcedUntil(two, two.spoken[1]!), Number.POSITIVE_INFINITY)
})

t.test('four runs are remembered, and of each the last sixty-four parts and texts', async (t) => {
  let state = conversation()
  for (let i = 0; i < 6; i += 1) state = beginSpokenRun(state, run({ id: `run-${i}`, startedAt: START + i }))
  t.strictSame(
    state.spoken.map(({ runId }) => runId),
    ['run-2', 'run-3', 'run-4', 'run-5'],
  )
  let one = begun()
  for (let i = 0; i < 70; i += 1) one = hearText(one, one.spoken[0]!, `${i}`)
  one = withFurtherParts(
    one,
    one.spoken[0]!,
    Array.from({ length: 70 }, (_, i) => i),
  )
  t.strictSame([one.spoken[0]!.heard.length, one.spoken[0]!.furtherParts.length], [64, 64])
})

t.test('a run may have spoken when an echo used its flag and nothing is known of its words', async (t) => {
  const used = { flagUses: [flagUse()] }
  t.equal(mayHaveSpoken(conversation({ spoken: [spokenRun()], ...used }), START), true)
  t.equal(mayHaveSpoken(conversation({ spoken: [spokenRun({ heard: ['x'] })], ...used }), START), false)
  t.equal(mayHaveSpoken(conversation({ spoken: [spokenRun()] }), START), false)
  t.equal(mayHaveSpoken(conversation({ spoken: [spokenRun()], ...used }), START + 1), false, 'another’s flag')
})
