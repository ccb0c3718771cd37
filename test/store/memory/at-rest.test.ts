import t from 'tap'
import { FOREVER } from '../../../src/conversation/channel.js'
import { DEAD_LETTER_LIFE_MS, POST_LIFE_MS } from '../../../src/conversation/state/lifetimes.js'
import { type DeadLetter, NO_OUTBOX, type Post } from '../../../src/conversation/state/outbox-state.js'
import { ANSWER_WINDOW_MS, type Flag, NOT_ASKING } from '../../../src/conversation/state/state.js'
import { atRest, restEnds } from '../../../src/store/memory/at-rest.js'
import { conversation, flagUse, HOUR, MINUTE, message, part, run, START } from '../../fixtures/conversation.js'

const NOW = START + HOUR

function flag(changes: Partial<Flag> = {}): Flag {
  return { at: START, until: START + 5 * MINUTE, left: 1, text: null, idempotencyKey: null, parameters: '', ...changes }
}

t.test('a conversation with nothing to forget stays the very same', async (t) => {
  for (const state of [
    conversation(),
    conversation({ seq: 3, causes: [{ until: NOW + HOUR, reason: 'api', at: START, seq: 0, note: null }] }),
    conversation({ waiting: [message()] }),
    conversation({ sent: [{ message: message(), until: NOW }] }),
    conversation({ flags: [flag({ until: NOW + HOUR })] }),
  ]) {
    t.equal(atRest(state, NOW), state)
  }
})

t.test('texts that no rule needs any more are dropped at rest, the others are kept', async (t) => {
  const waiting = [message({ seq: 4 })]
  const causes = [{ until: NOW + HOUR, reason: 'human_echo', at: START, seq: 1, note: null }] as const
  const state = conversation({
    seq: 4,
    causes,
    waiting,
    flagUses: [flagUse({ at: NOW - 29 * MINUTE })],
    unclaimed: [{ message: message({ seq: 1 }), at: START }],
    setAside: [{ message: message({ seq: 2 }), at: START }],
    asked: [{ text: 'hi', arrivedAt: START }],
    early: [{ mid: 'm', at: NOW - HOUR, text: 'hi', madeAt: NOW - HOUR }],
    sent: [{ message: message({ seq: 3 }), until: NOW - 15 * MINUTE }],
    flags: [flag()],
  })
  const left = conversation({ seq: 4, causes, waiting, flagUses: state.flagUses })
  t.strictSame(atRest(state, NOW), left)
  for (const list of ['unclaimed', 'setAside', 'asked', 'early', 'sent', 'flags'] as const) {
    t.strictSame(atRest({ ...left, [list]: state[list] }, NOW), left, list)
  }
})

t.test('an echo may be late: its expectation stays for a quarter of an hour', async (t) => {
  const sent = [{ message: message(), until: NOW - 15 * MINUTE + 1 }]
  t.strictSame(atRest(conversation({ sent, asked: [{ text: 'hi', arrivedAt: START }] }), NOW), conversation({ sent }))
  const flags = [flag({ until: NOW - 15 * MINUTE + 1 })]
  t.strictSame(atRest(conversation({ flags, asked: [{ text: 'hi', arrivedAt: START }] }), NOW), conversation({ flags }))
})

t.test('a deletion waits for its message for an hour', async (t) => {
  const early = [{ mid: 'm', at: NOW - HOUR + 1, text: null, madeAt: 0 }]
  t.strictSame(atRest(conversation({ early }), NOW), conversation({ early }))
})

t.test('a key that tells a retry stays for a day', async (t) => {
  const used = flag({ left: 0, idempotencyKey: 'key' })
  const state = conversation({ flags: [used, flag()] })
  t.strictSame(atRest(state, NOW), conversation({ flags: [used] }))
  t.strictSame(atRest(state, used.until + 24 * HOUR - 1), conversation({ flags: [used] }))
  t.strictSame(atRest(state, used.until + 24 * HOUR), conversation())
})

const LETTER: DeadLetter = { seq: 1, reason: 'refused', code: '100', at: START, parts: [part()] }
const POST: Post = { key: 'key', body: 'digest', at: START, seq: 1, reason: null }
const ASIDE = [{ part: part(), at: START }]
/** Something that makes the rest of the state worth a look. */
const ASKED = [{ text: 'hi', arrivedAt: START }]

t.test('questions and parts under way are kept unchanged, however long the conversation rests', async (t) => {
  for (const state of [
    conversation({ asking: { ...NOT_ASKING, run: run() } }),
    conversation({ asking: { ...NOT_ASKING, assistantId: 'c', restUntil: START } }),
    conversation({ outbox: { ...NO_OUTBOX, parts: [part(), part()] } }),
  ]) {
    t.equal(atRest(state, START + 90 * 24 * HOUR), state)
    const left = atRest({ ...state, asked: ASKED }, START + 90 * 24 * HOUR)
    t.equal(left.asking, state.asking)
    t.equal(left.outbox, state.outbox)
  }
})

t.test('a question that waited longer than Meta lets it be answered is let go', async (t) => {
  const state = conversation({ waiting: [message(), message({ arrivedAt: START + 1 })] })
  t.equal(atRest(state, START + ANSWER_WINDOW_MS - 1), state)
  t.strictSame(atRest(state, START + ANSWER_WINDOW_MS), conversation({ waiting: [message({ arrivedAt: START + 1 })] }))
})

t.test('a key and a dead letter stay for as long as they count, and no longer', async (t) => {
  const young = { posts: [{ ...POST, at: START + 1 }], dead: [{ ...LETTER, at: START + 1 }] }
  for (const [what, list, life] of [
    ['posts', [POST], POST_LIFE_MS],
    ['dead', [LETTER], DEAD_LETTER_LIFE_MS],
  ] as const) {
    for (const asked of [[], ASKED]) {
      const rested = conversation({ outbox: { ...NO_OUTBOX, [what]: list } })
      const state = { ...rested, asked }
      t.strictSame(atRest(state, START + life - 1), rested, what)
      t.equal(atRest(state, START + life - 1).outbox, state.outbox, 'not even copied')
      t.equal(atRest(state, START + life).outbox, NO_OUTBOX, 'one that all share')
      const more = { ...rested, asked, outbox: { ...NO_OUTBOX, [what]: [...list, ...young[what]] } }
      t.strictSame(atRest(more, START + life), conversation({ outbox: { ...NO_OUTBOX, [what]: young[what] } }))
    }
  }
})

t.test('parts that a pause cancelled are dropped, whatever else is there', async (t) => {
  t.equal(atRest(conversation({ outbox: { ...NO_OUTBOX, setAside: ASIDE } }), NOW).outbox, NO_OUTBOX)
  for (const others of [{ parts: [part()] }, { dead: [LETTER] }, { posts: [POST] }]) {
    const outbox = { ...NO_OUTBOX, ...others }
    t.strictSame(atRest(conversation({ outbox: { ...outbox, setAside: ASIDE } }), NOW), conversation({ outbox }))
  }
})

t.test('an outbox that became empty by and by is the one that all share', async (t) => {
  const emptied = { parts: [], setAside: [], dead: [], posts: [] }
  t.equal(atRest(conversation({ outbox: emptied }), NOW).outbox, NO_OUTBOX)
  t.equal(atRest(conversation({ outbox: emptied, asked: ASKED }), NOW).outbox, NO_OUTBOX)
  const sent = [{ message: message(), until: NOW }]
  t.strictSame(atRest(conversation({ outbox: emptied, sent }), NOW), conversation({ sent }))
})

t.test('the first time at which something goes is known beforehand', async (t) => {
  const causes = [{ until: NOW, reason: 'api', at: START, seq: 0, note: null }] as const
  const sent = [{ message: message(), until: NOW }]
  for (const [state, end] of [
    [conversation({ causes, outbox: { ...NO_OUTBOX, parts: [part()] } }), FOREVER],
    [conversation({ sent: [{ message: message(), until: NOW + 1 }, ...sent] }), NOW + 15 * MINUTE],
    [conversation({ sent, flagUses: [flagUse({ at: START })] }), START + 30 * MINUTE],
    [conversation({ sent, asked: ASKED }), NOW + 15 * MINUTE],
    [conversation({ asked: ASKED }), FOREVER],
  ] as const) {
    t.equal(restEnds(state), end)
    // What goes whatever its time is left out.
    const timed = { ...state, asked: [] }
    t.equal(atRest(timed, end - 1), timed)
    if (end < FOREVER) t.not(atRest(timed, end), timed)
  }
})
