import t from 'tap'
import type { Flag } from '../../../src/conversation/state.js'
import { atRest } from '../../../src/store/memory/at-rest.js'
import { conversation, HOUR, MINUTE, message, START } from '../../fixtures/conversation.js'

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

t.test('texts that no rule asks for any more are let go, the others are kept', async (t) => {
  const waiting = [message({ seq: 4 })]
  const causes = [{ until: NOW + HOUR, reason: 'human_echo', at: START, seq: 1, note: null }] as const
  const state = conversation({
    seq: 4,
    causes,
    waiting,
    flagUses: [START],
    unclaimed: [{ message: message({ seq: 1 }), at: START }],
    setAside: [{ message: message({ seq: 2 }), at: START }],
    asked: [{ text: 'hi', at: START }],
    sent: [{ message: message({ seq: 3 }), until: NOW - 15 * MINUTE }],
    flags: [flag()],
  })
  const left = conversation({ seq: 4, causes, waiting, flagUses: [START] })
  t.strictSame(atRest(state, NOW), left)
  for (const list of ['unclaimed', 'setAside', 'asked', 'sent', 'flags'] as const) {
    t.strictSame(atRest({ ...left, [list]: state[list] }, NOW), left, list)
  }
})

t.test('an echo may be late: its expectation stays for a quarter of an hour', async (t) => {
  const sent = [{ message: message(), until: NOW - 15 * MINUTE + 1 }]
  t.strictSame(atRest(conversation({ sent, asked: [{ text: 'hi', at: START }] }), NOW), conversation({ sent }))
  const flags = [flag({ until: NOW - 15 * MINUTE + 1 })]
  t.strictSame(atRest(conversation({ flags, asked: [{ text: 'hi', at: START }] }), NOW), conversation({ flags }))
})

t.test('a key that tells a retry stays for a day', async (t) => {
  const used = flag({ left: 0, idempotencyKey: 'key' })
  const state = conversation({ flags: [used, flag()] })
  t.strictSame(atRest(state, NOW), conversation({ flags: [used] }))
  t.strictSame(atRest(state, used.until + 24 * HOUR - 1), conversation({ flags: [used] }))
  t.strictSame(atRest(state, used.until + 24 * HOUR), conversation())
})
