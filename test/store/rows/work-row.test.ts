import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { closedPart, NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import { NO_NAMES } from '../../../src/conversation/state/state.js'
import { type OutboxRow, outboxOf, outboxRow, type RunRow, runOf, runRow } from '../../../src/store/rows/work-row.js'
import { message, part, run, START } from '../../fixtures/conversation.js'
import fc from '../../fixtures/property.js'
import { anyOutbox, anyRun } from './any-state.js'

/** As it comes out of Redis again. */
const stored = <Row>(row: Row): Row => JSON.parse(JSON.stringify(row)) as Row

t.test('a run comes back as it was', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(fc.property(anyRun, (before) => isDeepStrictEqual(runOf(stored(runRow(before))), before))),
  )
})

t.test('an outbox comes back as it was', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(fc.property(anyOutbox, (before) => isDeepStrictEqual(outboxOf(stored(outboxRow(before))), before))),
  )
})

t.test('unknown ids of a run take no room', async (t) => {
  t.equal(runRow(run()).length, 4)
  t.equal(runRow(run({ names: { ...NO_NAMES, taskId: 't' } })).length, 5)
  t.equal(runRow(run({ names: { ...NO_NAMES, workflowRunId: 'w' } })).length, 8)
})

t.test('an empty outbox takes no room, and a fresh part hardly more than its message', async (t) => {
  t.same(outboxRow(NO_OUTBOX), [])
  const [[queued]] = outboxRow({ ...NO_OUTBOX, parts: [part()] }) as unknown as [[readonly unknown[]]]
  t.same(queued.slice(1), [1, 'while_on', START])
})

t.test('a stored work row is read by every later version', async (t) => {
  const hi = [1, 20, 'AI', 'text', null, 'hi', 'sending'] as const
  const its = message({ seq: 1, at: 20, arrivedAt: 20, type: 'AI', status: 'sending' })
  const bare = part({ message: its, group: 1, leaves: 'always', at: 5 })
  const full = { ...bare, attempts: 2, tag: 'HUMAN_AGENT', isSecondTry: true }
  const bareRow = [hi, 1, 'always', 5] as const
  const fullRow = [hi, 1, 'always', 5, 2, 6, 'HUMAN_AGENT', 1] as const
  const rows: OutboxRow = [
    [bareRow, fullRow],
    [[bareRow, 7]],
    [[1, 'refused', '100/2', 8, [fullRow]]],
    [
      ['key', 'digest', 9, 1],
      ['other', 'digest', 9, 2, 'bot_paused'],
    ],
  ]
  t.strictSame(outboxOf(rows), {
    parts: [bare, full],
    setAside: [{ part: closedPart(bare), at: 7 }],
    dead: [{ seq: 1, reason: 'refused', code: '100/2', at: 8, parts: [closedPart(full)] }],
    posts: [
      { key: 'key', body: 'digest', at: 9, seq: 1, reason: null },
      { key: 'other', body: 'digest', at: 9, seq: 2, reason: 'bot_paused' },
    ],
  })
  t.strictSame(outboxOf([[bareRow]]), { ...NO_OUTBOX, parts: [bare] })
  const stageOf = (status: 'queued' | 'sending' | 'unknown') =>
    outboxOf([[[[1, 20, 'AI', 'text', null, 'hi', status], 1, 'always', 5, 2, 6]]]).parts[0]!.stage
  t.strictSame(stageOf('queued'), { is: 'queued', notBefore: 5, slotAt: 6 })
  t.strictSame(stageOf('sending'), { is: 'sending', leaseUntil: 5 })
  t.strictSame(stageOf('unknown'), { is: 'unknown', echoUntil: 5 })
  const named: RunRow = ['r', 1, 2, [hi], 't', null, 'm']
  const names = { taskId: 't', conversationId: null, messageId: 'm', workflowRunId: null }
  t.strictSame(runOf(named), { id: 'r', startedAt: 1, leaseUntil: 2, messages: [its], names })
  t.strictSame(runOf(['r', 1, 2, [hi]]).names, NO_NAMES)
})
