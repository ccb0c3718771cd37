import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import type { Message } from '../../../src/conversation/state/message.js'
import {
  bytesOf,
  clearHistory,
  dropOlderThan,
  type History,
  lastMessage,
  MOST_MESSAGES,
  NO_MESSAGES,
  NOTHING_EARLIER,
  newestThat,
  oldestAt,
  pageOfHistory,
  putMessage,
  sharedWith,
} from '../../../src/store/memory/history.js'
import { message, START } from '../../fixtures/conversation.js'
import fc from '../../fixtures/property.js'

function empty(): History {
  return { messages: NO_MESSAGES, earlier: NOTHING_EARLIER, historyBytes: 0 }
}

/** The messages from one `seq` to another, a second apart. */
function filled(from: number, to: number): History {
  const history = empty()
  for (let seq = from; seq <= to; seq++) putMessage(history, numbered(seq), seq - 1)
  return history
}

function numbered(seq: number, changes: Partial<Message> = {}): Message {
  return message({ seq, arrivedAt: START + seq * 1000, text: `text ${seq}`, ...changes })
}

function seqs(history: History): readonly number[] {
  return history.messages.map(({ seq }) => seq)
}

function weighed(history: History): number {
  return history.messages.reduce((sum, each) => sum + bytesOf(each), 0)
}

/** All its messages become a row. */
function fold(history: History): void {
  const messages = pageOfHistory(history, EVERY_MESSAGE)
  if (messages.length === 0) return
  const first = oldestAt(history, secondOf)
  history.earlier = { oldestAt: first, newest: messages.at(-1)!.seq, read: () => [...messages] }
  history.messages = NO_MESSAGES
}

function secondOf(time: number): number {
  return Math.floor((time - START) / 1000)
}

function folded(from: number, to: number): History {
  const history = filled(from, to)
  fold(history)
  return history
}

const EVERY_MESSAGE = { before: null, after: null, limit: 10_000, historyTtlMs: 1 }

t.test('every text that a message bears has its weight', async (t) => {
  const bare = bytesOf(message({ text: null }))
  t.ok(bare >= 200)
  const long = 'x'.repeat(100)
  for (const field of ['text', 'mid'] as const) {
    t.equal(bytesOf(message({ text: null, [field]: long })), bare + 200, field)
  }
  const origin = bytesOf(message({ text: null, fromApp: true }))
  t.ok(origin > bare)
  for (const field of ['payload', 'replyTo', 'traceparent', 'answerId'] as const) {
    t.equal(bytesOf(message({ text: null, [field]: long })), origin + 200, field)
  }
  const outcome = bytesOf(message({ text: null, readAt: 1 }))
  t.ok(outcome > bare)
  t.equal(bytesOf(message({ text: null, transcription: long })), outcome + 200)
  const feedback = { rating: 'positive', comment: long, at: 1 } as const
  t.equal(bytesOf(message({ text: null, feedback })), outcome + 2 * (50 + 100))
  const attachment = { kind: 'share', url: 'u'.repeat(100), title: 't'.repeat(1000) } as const
  t.equal(bytesOf(message({ text: null, attachments: [attachment, attachment] })), bare + 2 * (100 + 2200))
  t.equal(bytesOf(message({ text: null, attachments: [{ ...attachment, url: null, title: null }] })), bare + 100)
})

t.test('messages are appended, and replaced by their number', async (t) => {
  const history = filled(1, 3)
  putMessage(history, numbered(2, { text: 'a much longer text' }), 3)
  t.strictSame(
    history.messages.map(({ text }) => text),
    ['text 1', 'a much longer text', 'text 3'],
  )
  t.equal(history.historyBytes, weighed(history))
})

t.test('a history may begin with any message', async (t) => {
  const history = filled(41, 43)
  putMessage(history, numbered(42, { text: 'edited' }), 43)
  t.strictSame(seqs(history), [41, 42, 43])
  t.equal(history.messages[1]?.text, 'edited')
})

t.test('a message that was forgotten does not come back when it is changed', async (t) => {
  const history = filled(1, 5)
  dropOlderThan(history, START + 3000)
  putMessage(history, numbered(2, { text: 'edited' }), 5)
  t.strictSame(seqs(history), [3, 4, 5])
  clearHistory(history)
  putMessage(history, numbered(4, { text: 'edited' }), 5)
  t.strictSame(seqs(history), [])
  t.equal(history.historyBytes, 0)
})

t.test('a forgotten history goes on with the next new message, whatever old ones were changed meanwhile', async (t) => {
  const history = filled(1, 5)
  clearHistory(history)
  putMessage(history, numbered(4, { status: 'skipped' }), 5)
  for (const seq of [6, 7, 8]) putMessage(history, numbered(seq), seq - 1)
  t.strictSame(seqs(history), [6, 7, 8])
})

t.test('after a gap a history begins anew', async (t) => {
  const history = filled(1, 5)
  putMessage(history, numbered(7), 6)
  putMessage(history, numbered(8), 7)
  t.strictSame(seqs(history), [7, 8])
  t.equal(history.historyBytes, weighed(history))
})

t.test('an endless conversation keeps its newest messages', async (t) => {
  const history = filled(1, MOST_MESSAGES)
  t.equal(history.messages.length, MOST_MESSAGES)
  for (let seq = MOST_MESSAGES + 1; seq <= 3 * MOST_MESSAGES; seq++) {
    putMessage(history, numbered(seq), seq - 1)
    if (history.messages.length > MOST_MESSAGES || history.messages.at(-1)?.seq !== seq) t.fail(`at ${seq}`)
  }
  t.ok(history.messages.length > MOST_MESSAGES * 0.8)
  t.equal(history.historyBytes, weighed(history))
})

t.test('messages older than a time are dropped, from the oldest on', async (t) => {
  const history = filled(1, 5)
  dropOlderThan(history, START + 1000)
  t.strictSame(seqs(history), [1, 2, 3, 4, 5])
  dropOlderThan(history, START + 3001)
  t.strictSame(seqs(history), [4, 5])
  t.equal(history.historyBytes, weighed(history))
  dropOlderThan(history, START + 9000)
  t.strictSame(seqs(history), [])
  t.equal(history.historyBytes, 0)
  dropOlderThan(history, START + 9000)
  putMessage(history, numbered(6), 5)
  t.strictSame(seqs(history), [6])
})

t.test('the newest message of a kind is found', async (t) => {
  const history = filled(1, 5)
  t.equal(newestThat(history, ({ seq }) => seq < 4)?.seq, 3)
  t.equal(
    newestThat(history, () => false),
    null,
  )
  t.equal(
    newestThat(empty(), () => true),
    null,
  )
})

t.test('pages go by numbers, also when the beginning was dropped', async (t) => {
  const history = filled(11, 20)
  for (const [before, after, limit, expected] of [
    [null, null, 3, [18, 19, 20]],
    [13, null, 5, [11, 12]],
    [11, null, 5, []],
    [5, null, 5, []],
    [null, 5, 3, [11, 12, 13]],
    [null, 12, 3, [13, 14, 15]],
    [null, 20, 3, []],
    [15, 12, 9, [13, 14]],
    [15, 5, 2, [11, 12]],
  ] as const) {
    const page = pageOfHistory(history, { before, after, limit, historyTtlMs: 1 })
    t.strictSame(
      page.map(({ seq }) => seq),
      expected,
      `${limit} before ${before}, after ${after}`,
    )
  }
  t.strictSame(pageOfHistory(empty(), { before: null, after: null, limit: 5, historyTtlMs: 1 }), [])
  t.strictSame(pageOfHistory(empty(), { before: 3, after: 1, limit: 5, historyTtlMs: 1 }), [])
})

t.test('a history’s weight is that of its messages, and its numbers have no gaps', async (t) => {
  const texts = fc.string({ maxLength: 30 })
  const folds = fc.nat(3).map((n) => n === 0)
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ is: fc.constant('add' as const), text: texts, n: fc.constant(1), folds }) },
    {
      weight: 2,
      arbitrary: fc.record({ is: fc.constant('change' as const), text: texts, n: fc.integer({ max: 8 }), folds }),
    },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('drop' as const), text: texts, n: fc.nat(4), folds }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('clear' as const), text: texts, n: fc.nat(4), folds }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('skip' as const), text: texts, n: fc.nat(2), folds }) },
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const history = empty()
        let model: readonly Message[] = []
        let newest = 0
        for (const { is, text, n, folds } of steps) {
          if (is === 'add') {
            const added = numbered(newest + 1, { text })
            putMessage(history, added, newest)
            model = model.length === 0 || model.at(-1)!.seq === newest ? [...model, added] : [added]
            newest += 1
          } else if (is === 'change') {
            const changed = numbered(Math.max(1, newest - Math.abs(n)), { text })
            if (changed.seq <= newest) {
              putMessage(history, changed, newest)
              model = model.map((each) => (each.seq === changed.seq ? changed : each))
            }
          } else if (is === 'drop') {
            const from = newest - n
            dropOlderThan(history, START + from * 1000)
            model = model.filter(({ seq }) => seq >= from)
          } else if (is === 'clear') {
            clearHistory(history)
            model = []
          } else newest += n
          if (history.historyBytes !== model.reduce((sum, each) => sum + bytesOf(each), 0)) return false
          if (folds) fold(history)
          else if (!isDeepStrictEqual(pageOfHistory(history, EVERY_MESSAGE), model)) return false
        }
        return NO_MESSAGES.length === 0
      }),
      { numRuns: 300 },
    ),
  )
})

t.test('earlier messages stay a row until somebody needs one of them', async (t) => {
  const history = folded(3, 5)
  const row = history.earlier
  t.match(row, { oldestAt: 3, newest: 5 })
  putMessage(history, numbered(6), 5)
  t.equal(newestThat(history, ({ seq }) => seq === 6)?.seq, 6)
  t.equal(history.earlier, row)
  t.equal(lastMessage(history)?.seq, 6)
  t.equal(history.earlier, row)
  t.equal(oldestAt(history, secondOf), 3)
  t.equal(newestThat(history, ({ seq }) => seq === 4)?.text, 'text 4')
  t.equal(history.earlier, NOTHING_EARLIER)
  t.strictSame(seqs(history), [3, 4, 5, 6])
  t.equal(oldestAt(history, secondOf), 3)
  t.equal(lastMessage(folded(3, 5))?.seq, 5)
  t.equal(history.historyBytes, weighed(history))
})

t.test('a message of the row is replaced, one before it stays forgotten, and a gap ends it', async (t) => {
  const history = folded(3, 5)
  putMessage(history, numbered(6), 5)
  putMessage(history, numbered(4, { text: 'edited' }), 6)
  t.strictSame(
    history.messages.map(({ text }) => text),
    ['text 3', 'edited', 'text 5', 'text 6'],
  )
  fold(history)
  putMessage(history, numbered(2, { text: 'edited' }), 6)
  t.strictSame(seqs(history), [3, 4, 5, 6])
  fold(history)
  putMessage(history, numbered(9), 8)
  t.strictSame(pageOfHistory(history, EVERY_MESSAGE), [numbered(9)])
  t.equal(history.historyBytes, bytesOf(numbered(9)))
})

t.test('some of its newest messages are also the last ones of a list', async (t) => {
  const history = filled(1, 4)
  const [, second, third, fourth] = history.messages as [Message, Message, Message, Message]
  for (const [list, count] of [
    [[], 0],
    [[fourth], 1],
    [[numbered(4)], 0],
    [[second, fourth], 1],
    [[second, third], 0],
    [[numbered(9), ...history.messages], 4],
    [[second, third, fourth], 3],
  ] as const) {
    t.equal(sharedWith(history, list), count)
  }
  t.equal(sharedWith(empty(), [fourth]), 0)
})

t.test('nothing is found among no messages', async (t) => {
  t.equal(oldestAt(empty(), secondOf), 0)
  t.equal(lastMessage(empty()), null)
  t.equal(
    newestThat(folded(1, 2), () => false),
    null,
  )
})
