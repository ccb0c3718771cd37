import t from 'tap'
import { textAnswer } from '../../src/conversation/answer/answer.js'
import type { Log } from '../../src/engine/ports.js'
import { createRunEndOf } from '../../src/engine/run-outcome.js'
import { channelWith } from '../fixtures/channel.js'
import { answer } from '../fixtures/said.js'

const told: string[] = []
const note = (_facts: object, message: string): void => void told.push(message)
const log: Log = { debug: note, info: note, warn: note, error: note }
const failed = (code: string) => ({ is: 'failed', code, isWorthRetry: false })

t.test('a run ends with what can be read of its answer', async (t) => {
  const endOf = createRunEndOf({
    log,
    readAnswer({ text }) {
      if (text === 'odd') throw new Error('secret')
      return text === '' ? { pieces: [], quickReplies: [] } : textAnswer(text)
    },
  })
  const [channel, speaksItself] = [channelWith(), channelWith({ assistantSends: true })]
  t.strictSame(endOf(answer('Hi'), channel), { is: 'answer', answer: textAnswer('Hi'), conversationId: 'c' })
  t.strictSame(endOf(answer(''), channel), failed('empty'))
  t.match(endOf(answer(''), speaksItself), { is: 'answer', answer: { pieces: [] } })
  t.strictSame(told, [])
  t.strictSame(endOf(answer('odd'), channel), failed('unreadable'))
  t.strictSame(told, ['could not make an answer fit for the customer'])
  const unknown = { is: 'unknown', code: 'timeout' } as const
  t.equal(endOf(unknown, channel), unknown)
  const handoff = { is: 'handoff', conversationId: 'c' } as const
  t.equal(endOf(handoff, channel), handoff)
})
