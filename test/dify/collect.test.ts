import t from 'tap'
import { answerOf } from '../../src/answer/answer.js'
import { createCollector } from '../../src/dify/collect.js'
import type { AskOutcome } from '../../src/engine/providers.js'
import { piecesOf } from '../fixtures/conversation.js'
import { answer } from '../fixtures/said.js'

type Step = readonly [event: string, rest?: object]

/** The outcome, and after how many events it was there. */
function collected(app: 'chat' | 'workflow', steps: readonly Step[]): readonly [AskOutcome | null, number] {
  const collector = createCollector(app, 'asked')
  for (const [at, [event, rest]] of steps.entries()) {
    const outcome = collector.take({ event, ...rest })
    if (outcome !== null) return [outcome, at + 1]
  }
  return [null, steps.length]
}

const said = (answer: string): Step => ['message', { answer }]
const agentSaid = (answer: string): Step => ['agent_message', { answer }]
const replaced = (answer: string): Step => ['message_replace', { answer }]
const finished = (status: string, outputs?: object): Step => ['workflow_finished', { data: { status, outputs } }]
const chunk = (text: string): Step => ['text_chunk', { data: { text } }]
const END: Step = ['message_end', { conversation_id: 'c' }]
const failed = (code: string) => ({ is: 'failed', code, isWorthRetry: false })

t.test('the answer of a chat, an agent and a chatflow', async (t) => {
  for (const [what, steps, text] of [
    ['pieces in their order', [said('Hel'), said('lo'), END], 'Hello'],
    ['nothing', [END], ''],
    ['no text in an answer', [['message', { answer: 7 }], ['message'], END], ''],
    ['a replacement', [said('bad'), replaced('good'), END], 'good'],
    ['more after a replacement', [said('bad'), replaced('good'), said(' day'), END], 'good day'],
    ['an empty replacement', [said('bad'), replaced(''), END], ''],
    ['an agent of old', [agentSaid('Hel'), agentSaid('lo'), END], 'Hello'],
    ['an agent that says it all again', [agentSaid('Hel'), agentSaid('lo'), said('Hello'), END], 'Hello'],
    [
      'an agent that says it better',
      [agentSaid('Let me look. '), agentSaid('5'), said('It is '), said('5'), END],
      'It is 5',
    ],
    ['an agent that closes with a blank', [agentSaid('Hello'), said('\n'), END], 'Hello'],
    ['an agent whose parts are empty', [agentSaid(''), agentSaid(' '), said('Hello'), END], 'Hello'],
    ['an agent that was replaced', [agentSaid('bad'), replaced('good'), said('bad'), END], 'good'],
    ['an agent that goes on after it', [agentSaid('bad'), replaced('good'), agentSaid(' day'), END], 'good day'],
    ['a chatflow whose run ends first', [['workflow_started'], said('Hi'), finished('succeeded'), END], 'Hi'],
    ['a chatflow that succeeded in part', [said('Hi'), finished('partial-succeeded'), END], 'Hi'],
    ['a chatflow whose run says nothing', [said('Hi'), ['workflow_finished'], END], 'Hi'],
    ['a chatflow with much inside', [said('Hi'), finished('succeeded', { answer: 'x'.repeat(30_000) }), END], 'Hi'],
    ['events that nobody knows', [['agent_thought', { thought: 'hm' }], ['tts_message'], [''], said('Hi'), END], 'Hi'],
  ] as [string, Step[], string][]) {
    t.same(collected('chat', steps), [answer(text), steps.length], what)
  }
  t.same(collected('chat', [said('Hi'), END, finished('failed')]), [answer('Hi'), 2], 'at message_end all is said')
})

t.test('reasoning is removed wherever the chunks were cut', async (t) => {
  const whole = 'Yes <think>no\n</think>it **is**'
  const shown = (app: 'chat' | 'workflow', parts: readonly string[]): readonly string[] => {
    const steps = app === 'workflow' ? [...parts.map(chunk), finished('succeeded')] : [...parts.map(said), END]
    const [outcome] = collected(app, steps)
    return outcome?.is === 'answer' ? piecesOf(answerOf(outcome.said, { markdown: 'plain', base: null })) : []
  }
  for (const app of ['chat', 'workflow'] as const) {
    for (let first = 0; first <= whole.length; first += 1) {
      for (let second = first; second <= whole.length; second += 1) {
        const parts = [whole.slice(0, first), whole.slice(first, second), whole.slice(second)]
        const pieces = shown(app, second === first ? [parts[0]!, parts[2]!] : parts)
        if (pieces.join() !== 'Yes it is') t.fail(`${app}: ${JSON.stringify(parts)} came out as ${pieces.join()}`)
      }
    }
  }
  t.strictSame(shown('chat', [whole]), ['Yes it is'])
})

t.test('text in file events is collected, and the files themselves', async (t) => {
  const file = (url: string, more: object = {}): Step => ['message_file', { type: 'image', url, ...more }]
  const found = (kind: string, url: string) => ({ kind, url, name: null })
  const chart = { dify_model_identity: '__dify__file__', type: 'image', url: '/c.png' }
  for (const [what, steps, text, files] of [
    ['text alone', [['message_file', { answer: 'Hel' }], said('lo'), END], 'Hello', []],
    ['a file', [said('Hi'), file('/a.png', { belongs_to: 'assistant' }), END], 'Hi', [found('image', '/a.png')]],
    ["the customer's own", [file('/a.png', { belongs_to: 'user' }), said('Hi'), END], 'Hi', []],
    [
      'files of its end',
      [said('Hi'), ['message_end', { conversation_id: 'c', files: [{ type: 'audio', url: '/b.mp3' }] }]],
      'Hi',
      [found('voice', '/b.mp3')],
    ],
    ["a chatflow's", [said('Hi'), finished('succeeded', { chart }), END], 'Hi', [found('image', '/c.png')]],
    ['a file without a word', [file('/a.png'), END], '', [found('image', '/a.png')]],
    ['too many', [...new Array(70).fill(file('/a.png')), END], '', new Array(50).fill(found('image', '/a.png'))],
  ] as [string, Step[], string, unknown[]][]) {
    const said = { text, files, quickReplies: [] }
    t.same(collected('chat', steps), [{ is: 'answer', said, conversationId: 'c' }, steps.length], what)
  }
  t.same(collected('chat', [['message_file', { answer: 'x'.repeat(20_001) }]]), [failed('too_large'), 1])
  const [outcome] = collected('chat', [said('Hi'), finished('succeeded', { quick_replies: ['Yes'] }), END])
  t.match(outcome, { said: { quickReplies: ['Yes'] } })
})

t.test('a chat goes on in the conversation that Dify names, else in the one it was asked in', async (t) => {
  t.same(collected('chat', [said('Hi'), ['message_end']]), [answer('Hi', 'asked'), 2])
  t.same(collected('chat', [['message', { answer: 'Hi', conversation_id: 'c' }], ['message_end']]), [answer('Hi'), 2])
})

t.test('a workflow answers with its outputs, or with what it streamed', async (t) => {
  for (const [what, steps, text] of [
    ['outputs', [chunk('a'), finished('succeeded', { answer: 'Hi' })], 'Hi'],
    ['chunks', [chunk('H'), ['text_chunk'], chunk('i'), ['node_finished', { data: {} }], finished('succeeded')], 'Hi'],
    ['success in part', [finished('partial-succeeded', { text: 'Hi' })], 'Hi'],
    ['nothing', [finished('succeeded', { count: 7 })], ''],
    [
      'much streamed, but a short output',
      [chunk('x'.repeat(30_000)), chunk('y'), finished('succeeded', { text: 'Hi' })],
      'Hi',
    ],
  ] as [string, Step[], string][]) {
    t.same(collected('workflow', steps), [answer(text, null), steps.length], what)
  }
})

t.test('a run that waits for a person is handed over, whatever it has said so far', async (t) => {
  const form: Step = ['human_input_required', { data: { form_id: 'f', form_token: 't' } }]
  for (const [app, steps, read] of [
    ['chat', [said('Hi'), form, ['workflow_paused']], 2],
    ['chat', [said('Hi'), ['workflow_paused']], 2],
    ['chat', [agentSaid('Hi'), form, END], 2],
    ['workflow', [chunk('Hi'), ['workflow_paused', { data: { reasons: [] } }]], 2],
  ] as ['chat' | 'workflow', Step[], number][]) {
    const [outcome, many] = collected(app, steps)
    t.match(outcome, { is: 'handoff' }, app)
    t.equal(many, read)
  }
  t.same(collected('chat', [said('Hi'), finished('paused')])[0], { is: 'handoff', conversationId: null })
  t.same(collected('chat', [['workflow_paused', { conversation_id: 'new' }]])[0], {
    is: 'handoff',
    conversationId: 'new',
  })
})

t.test('an event of failure ends the run at once with its code', async (t) => {
  for (const [app, steps, code] of [
    ['chat', [said('Hi'), ['error', { code: 'provider_not_initialize', status: 400 }]], 'provider_not_initialize'],
    ['chat', [said('Hi'), finished('failed')], 'workflow_failed'],
    ['chat', [said('Hi'), finished('stopped')], 'workflow_stopped'],
    ['chat', [said('x'.repeat(20_000)), said('y')], 'too_large'],
    ['chat', [agentSaid('x'.repeat(20_001))], 'too_large'],
    ['chat', [replaced('x'.repeat(20_000)), said('y')], 'too_large'],
    ['workflow', [['error', {}]], 'error'],
    ['workflow', [chunk('Hi'), finished('failed', { text: 'Hi' })], 'workflow_failed'],
    ['workflow', [chunk('Hi'), finished('stopped')], 'workflow_stopped'],
    ['workflow', [finished('odd')], 'error'],
    ['workflow', [['workflow_finished']], 'error'],
    ['workflow', [chunk('x'.repeat(30_000)), finished('succeeded')], 'too_large'],
    ['workflow', [finished('succeeded', { text: 'x'.repeat(20_001) })], 'too_large'],
  ] as ['chat' | 'workflow', Step[], string][]) {
    t.same(collected(app, steps), [failed(code), steps.length], `${app}: ${code}`)
  }
})

t.test('a whole answer and its pieces may each be as long as a text may be', async (t) => {
  const long = 'x'.repeat(20_000)
  t.same(collected('chat', [agentSaid(long), said(long), END]), [answer(long), 3])
})

t.test('a run’s ids are known from the event that names them', async (t) => {
  const collector = createCollector('chat', null)
  collector.take({ event: 'message', task_id: 't', answer: '' })
  t.equal(collector.names.taskId, 't')
})
