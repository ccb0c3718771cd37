import t from 'tap'
import {
  introduce,
  introLeft,
  personDidNotIntervene,
  personIntervened,
} from '../../../src/conversation/outbox/intro.js'
import type { Cause } from '../../../src/conversation/state/state.js'
import {
  conversation,
  createThread,
  customerMessage,
  draftOf,
  echo,
  frozen,
  given,
  message,
  outgoing,
  policy,
  report,
  runEnd,
  SECOND,
  START,
  send,
  sendResult,
  type Thread,
  wake,
} from '../../fixtures/conversation.js'

const INTRO = 'I am a bot.'
const RULES = policy({ introText: INTRO })
const RESUME = { is: 'bot', enabled: true, forMs: 0, note: null } as const

let questions = 0

/** The customer asks, and the bot has an answer. */
function answer(thread: Thread): void {
  questions += 1
  thread.wait(20 * SECOND)
  thread.apply(customerMessage({ mid: `c${questions}`, text: `question ${questions}` }))
  thread.wait(5 * SECOND)
  const { task } = thread.apply(wake({ runId: `run ${questions}` }))
  thread.apply(runEnd({ is: 'answer', text: `answer ${questions}`, conversationId: null }, { runId: task!.run.id }))
}

/** Everything that waits is sent; what left, by its text. */
function leaves(thread: Thread): readonly (string | null)[] {
  const left: (string | null)[] = []
  for (;;) {
    const { leaving } = thread.apply(send(0))
    if (leaving === null) return left
    const { seq, text } = leaving.part.message
    left.push(text)
    thread.apply(sendResult({ is: 'sent', mid: `m${seq}` }, { seq, attempt: leaving.part.attempts }))
  }
}

t.test('the bot introduces itself once, by a message of its own before its first answer', async (t) => {
  const thread = createThread(RULES)
  answer(thread)
  t.hasStrict(thread.state().outbox.parts, [{ group: 2 }, { group: 3 }])
  t.strictSame(leaves(thread), [INTRO, `answer ${questions}`])
  answer(thread)
  t.strictSame(leaves(thread), [`answer ${questions}`])
})

t.test(
  'what it has another program say by us is introduced too, what a person or an advertisement says is not',
  async (t) => {
    for (const [type, texts] of [
      ['AI', [INTRO, 'hello']],
      ['marketing', ['hello']],
      ['support', ['hello']],
    ] as const) {
      const thread = createThread(RULES)
      thread.apply(outgoing({ type }))
      t.strictSame(leaves(thread), texts, type)
    }
    const paused = createThread(RULES)
    paused.apply(echo())
    paused.apply(outgoing())
    t.strictSame(
      paused.messages().map(({ text }) => text),
      ['hello', 'hello'],
      'not before words that are cancelled',
    )
  },
)

t.test('the bot introduces itself again after a takeover, whenever that happened', async (t) => {
  for (const sentBefore of [0, 1, 2]) {
    const thread = createThread(RULES)
    answer(thread)
    for (let i = 0; i < sentBefore; i += 1) {
      const { part } = thread.apply(send(0)).leaving!
      thread.apply(sendResult({ is: 'sent', mid: `m${part.message.seq}` }, { seq: part.message.seq }))
    }
    thread.apply(echo({ mid: 'h1', text: 'let me' }))
    t.strictSame(leaves(thread), [])
    thread.apply(echo({ mid: 'h2', text: 'and so' }))
    thread.wait(SECOND)
    thread.apply(RESUME)
    answer(thread)
    t.strictSame(leaves(thread), [INTRO, `answer ${questions}`], `after ${sentBefore}`)
    answer(thread)
    t.strictSame(leaves(thread), [`answer ${questions}`])
  }
})

t.test('a person who proves to be the bot changes nothing', async (t) => {
  const thread = createThread(RULES)
  answer(thread)
  t.strictSame(leaves(thread), [INTRO, `answer ${questions}`])
  thread.apply(echo({ mid: 'x1', text: 'by the workflow' }))
  thread.apply(report({ mid: 'x1', text: 'by the workflow' }))
  answer(thread)
  t.strictSame(leaves(thread), [`answer ${questions}`])
})

t.test('an introduction that was cancelled or refused is made up for, one that may have arrived is not', async (t) => {
  const cancelled = createThread(RULES)
  answer(cancelled)
  cancelled.apply({ is: 'bot', enabled: false, forMs: SECOND, note: null })
  cancelled.wait(2 * SECOND)
  answer(cancelled)
  t.strictSame(leaves(cancelled), [INTRO, `answer ${questions}`])

  for (const [end, again] of [
    [{ is: 'dead', reason: 'refused', code: '100' }, [INTRO]],
    [{ is: 'unknown' }, []],
  ] as const) {
    const thread = createThread(RULES)
    answer(thread)
    const { part } = thread.apply(send(0)).leaving!
    thread.apply(sendResult(end, { seq: part.message.seq }))
    if (end.is === 'unknown') {
      t.strictSame(leaves(thread), [], 'what follows waits for its echo')
      thread.wait(30 * SECOND)
      thread.apply(wake())
    }
    t.strictSame(leaves(thread), [`answer ${questions}`], 'and is not held up for ever')
    answer(thread)
    t.strictSame(leaves(thread), [...again, `answer ${questions}`], end.is)
  }
})

t.test('a queued introduction is not queued twice', async (t) => {
  const thread = createThread(RULES)
  thread.apply(outgoing())
  thread.apply(send(0))
  thread.apply(outgoing({ text: 'and more' }))
  t.strictSame(
    thread.messages().map(({ text }) => text),
    [INTRO, 'hello', 'and more'],
  )
})

t.test('without INTRO_TEXT there is no introduction and no state of one', async (t) => {
  const draft = draftOf(frozen(conversation()))
  introduce(given(draft, { policy: policy(), now: START }))
  personIntervened(draft, message({ seq: 3 }))
  personDidNotIntervene(draft, 3)
  introLeft(draft, 3)
  t.equal(draft.state, draft.state)
  t.strictSame(draft.state, conversation())
})

t.test('the first of several people’s messages counts, until it proves to be none', async (t) => {
  const cause = (seq: number, reason: Cause['reason']): Cause => ({
    seq,
    reason,
    at: START,
    until: START + 1,
    note: null,
  })
  const causes = [
    cause(2, 'human_echo'),
    cause(5, 'human_echo'),
    cause(6, 'support_message'),
    cause(7, 'customer_request'),
  ]
  const draft = draftOf(frozen(conversation({ causes, intro: { seq: 3, hasLeft: true, personSeq: 0 } })))
  personIntervened(draft, message({ seq: 2 }))
  t.equal(draft.state.intro.personSeq, 0, 'that was before the introduction')
  personIntervened(draft, message({ seq: 5 }))
  personIntervened(draft, message({ seq: 6 }))
  t.equal(draft.state.intro.personSeq, 5)
  personDidNotIntervene(draft, 6)
  t.equal(draft.state.intro.personSeq, 5)
  personDidNotIntervene(draft, 5)
  t.equal(draft.state.intro.personSeq, 6)
  draft.state = { ...draft.state, causes: [] }
  personDidNotIntervene(draft, 6)
  t.equal(draft.state.intro.personSeq, 0)
})
