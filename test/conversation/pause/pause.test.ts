import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import {
  endOf,
  givenBack,
  isYoung,
  pauseOf,
  setAside,
  withCause,
  withoutCause,
  withoutCauses,
} from '../../../src/conversation/pause/pause.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { prune, withNothingAside } from '../../../src/conversation/state/prune.js'
import type { Cause, Conversation } from '../../../src/conversation/state/state.js'
import { conversation, HOUR, MINUTE, message, part, policy, SECOND, START } from '../../fixtures/conversation.js'

function cause(changes: Partial<Cause> = {}): Cause {
  return { until: START + HOUR, reason: 'human_echo', at: START, seq: 1, note: null, ...changes }
}

function withSetAside(state: Conversation, seqs: readonly number[], at: number): Conversation {
  return seqs.reduce((left, seq) => setAside(left, message({ seq }), at), state)
}

t.test('a pause ends so long after its start, or never', async (t) => {
  t.equal(endOf(START, HOUR), START + HOUR)
  t.equal(endOf(START, FOREVER), FOREVER)
})

t.test('the cause that lasts longest counts, the newest of equal ones', async (t) => {
  const short = cause({ until: START + MINUTE, seq: 1 })
  const long = cause({ until: START + HOUR, seq: 2 })
  const asLong = cause({ until: START + HOUR, seq: 3 })
  t.equal(pauseOf(conversation(), START), null)
  t.equal(pauseOf(conversation({ causes: [long, short] }), START), long)
  t.equal(pauseOf(conversation({ causes: [short, long] }), START), long)
  t.equal(pauseOf(conversation({ causes: [long, asLong] }), START), asLong)
})

t.test('a pause is over to the millisecond', async (t) => {
  const state = conversation({ causes: [cause({ until: START + HOUR })] })
  t.not(pauseOf(state, START + HOUR - 1), null)
  t.equal(pauseOf(state, START + HOUR), null)
})

t.test(
  "pauses by several people accumulate's messages add up, an operator's word replaces the one before",
  async (t) => {
    const person = cause({ seq: 1 })
    const another = cause({ seq: 2 })
    const longWord = cause({ reason: 'api', seq: 0, until: FOREVER })
    const shortWord = cause({ reason: 'api', seq: 0, until: START + MINUTE })
    let state = conversation()
    for (const each of [person, longWord, another, shortWord]) state = withCause(state, each)
    t.strictSame(state.causes, [person, another, shortWord])
  },
)

t.test('an operator’s word leaves every other cause alone', async (t) => {
  const word = cause({ reason: 'api', seq: 0 })
  const failure = cause({ reason: 'assistant_failed', seq: 0 })
  t.strictSame(withCause(withCause(conversation(), failure), word).causes, [failure, word])
})

t.test('over the cap the cause that ends first goes, so that the pause stays as long as it was', async (t) => {
  let state = conversation()
  for (let i = 1; i <= 20; i += 1) state = withCause(state, cause({ seq: i, until: START + (21 - i) * MINUTE }))
  t.equal(state.causes.length, 8)
  t.equal(pauseOf(state, START)?.until, START + 20 * MINUTE)
  t.strictSame(
    state.causes.map((each) => each.seq),
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
})

t.test('a cause that proves wrong is taken out alone', async (t) => {
  const state = conversation({ causes: [cause({ seq: 1 }), cause({ seq: 2 })] })
  t.strictSame(
    withoutCause(state, 1).causes.map((each) => each.seq),
    [2],
  )
  t.strictSame(withoutCause(state, 9).causes, state.causes)
})

t.test('a hand-back ends every cause, and what they kept from being asked stays unasked', async (t) => {
  const state = withSetAside(conversation({ causes: [cause(), cause({ seq: 2 })] }), [3], START)
  const { causes, setAside } = withoutCauses(state)
  t.strictSame([causes, setAside], [[], []])
})

t.test('messages set aside less than a minute ago can be given back, in their order', async (t) => {
  let state = withSetAside(conversation(), [1], START)
  state = withSetAside(state, [2, 3], START + SECOND)
  t.strictSame(
    givenBack(state, START + MINUTE - 1).map((each) => each.seq),
    [1, 2, 3],
  )
  t.strictSame(
    givenBack(state, START + MINUTE).map((each) => each.seq),
    [2, 3],
  )
  t.strictSame(givenBack(state, START + MINUTE + SECOND), [])
})

t.test('no more than a hundred messages are set aside, the newest of them', async (t) => {
  const seqs = Array.from({ length: 130 }, (_, index) => index + 1)
  const state = withSetAside(conversation(), seqs, START)
  t.equal(state.setAside.length, 100)
  t.equal(state.setAside[0]?.message.seq, 31)
})

t.test('a conversation without a pause is not touched', async (t) => {
  const state = conversation()
  t.equal(prune(state, policy(), START), state)
})

t.test('causes of a pause are removed when they end, and only then', async (t) => {
  const state = conversation({ causes: [cause({ until: START + MINUTE }), cause({ until: START + HOUR, seq: 2 })] })
  t.equal(prune(state, policy(), START + MINUTE - 1), state)
  t.strictSame(
    prune(state, policy(), START + MINUTE).causes.map((each) => each.seq),
    [2],
  )
  t.strictSame(prune(state, policy(), START + HOUR).causes, [])
})

t.test('messages set aside are dropped after a minute of the pause', async (t) => {
  const state = withSetAside(conversation({ causes: [cause()] }), [3], START)
  t.equal(prune(state, policy(), START + MINUTE - 1), state)
  t.strictSame(prune(state, policy(), START + MINUTE).setAside, [])
})

t.test('a pause that ended by itself was right: what was said during it is not replayed', async (t) => {
  const state = withSetAside(conversation({ causes: [cause({ until: START + SECOND })] }), [3], START)
  t.strictSame(prune(state, policy(), START + SECOND).setAside, [])
})

t.test('everything set aside is dropped with the last pause that ends by itself', async (t) => {
  const late = cause({ at: START + SECOND, until: START + 2 * SECOND })
  const state = withSetAside(conversation({ causes: [late] }), [3], START)
  t.strictSame(prune(state, policy(), START + 2 * SECOND).setAside, [])
})

t.test('a message that was set aside by an ended pause is not asked when a later, wrong pause is undone', async (t) => {
  let state = conversation({ causes: [cause({ until: START + 10 * SECOND, reason: 'api', seq: 0 })] })
  state = withSetAside(state, [1], START)
  state = withCause(state, cause({ seq: 2, at: START + 5 * SECOND }))
  state = withSetAside(state, [3], START + 6 * SECOND)
  state = prune(state, policy(), START + 10 * SECOND)
  state = withSetAside(state, [4], START + 11 * SECOND)
  t.strictSame(
    givenBack(state, START + 12 * SECOND).map((each) => each.seq),
    [4],
  )
})

t.test(
  'parts that were set aside are forgotten with the pause that kept them back, or with their minute',
  async (t) => {
    const outbox = { ...NO_OUTBOX, setAside: [{ part: part(), at: START }] }
    const paused = conversation({ causes: [cause({ until: START + HOUR })], outbox })
    t.equal(prune(paused, policy(), START + MINUTE - 1), paused)
    t.strictSame(prune(paused, policy(), START + MINUTE).outbox.setAside, [])
    t.strictSame(prune({ ...paused, causes: [cause({ until: START + 1 })] }, policy(), START + 1).outbox.setAside, [])
    t.strictSame(
      prune(conversation({ outbox }), policy(), START).outbox.setAside,
      [],
      'there is no pause to prove wrong',
    )
  },
)

t.test('dropping what was set aside covers questions and parts', async (t) => {
  const outbox = { ...NO_OUTBOX, setAside: [{ part: part(), at: START }] }
  const both = withNothingAside(withSetAside(conversation({ outbox }), [1], START))
  t.strictSame([both.setAside, both.outbox.setAside], [[], []])
  const questions = withNothingAside(withSetAside(conversation(), [1], START))
  t.strictSame(questions.setAside, [])
  t.equal(questions.outbox, NO_OUTBOX)
})

t.test('a message set aside is restorable for less than a minute', async (t) => {
  t.equal(isYoung({ at: START }, START + MINUTE - 1), true)
  t.equal(isYoung({ at: START }, START + MINUTE), false)
})
