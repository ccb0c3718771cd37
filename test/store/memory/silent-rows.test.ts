import t from 'tap'
import type { Flag } from '../../../src/conversation/state/state.js'
import { createEntry, type Entry, isSilentEntry, stateOf } from '../../../src/store/memory/entry.js'
import { createSilentRows } from '../../../src/store/memory/silent-rows.js'
import { conversation, message, START } from '../../fixtures/conversation.js'

const flag: Flag = { at: START, until: START + 1, left: 1, text: null, idempotencyKey: 'k', parameters: '[1]' }

t.test('a silent conversation becomes a row after two seconds at rest, and is the same state', async (t) => {
  const rows = createSilentRows()
  const entry = createEntry(conversation({ flags: [flag] }))
  const before = stateOf(entry)
  rows.changed(entry)
  const kinds = [0, 2, 3, 4].map((now) => {
    rows.sweep(now)
    return typeof entry.kept
  })
  t.same(kinds, ['object', 'object', 'object', 'string'])
  t.same(stateOf(entry), before)
  t.ok(isSilentEntry(entry))
})

t.test('one that was changed meanwhile waits again, and one with a message or a text stays a state', async (t) => {
  const rows = createSilentRows()
  const [again, spoken, worded] = [1, 2, 3].map(() => createEntry(conversation({ flags: [flag] }))) as [
    Entry,
    Entry,
    Entry,
  ]
  worded.openBytes = 1
  for (const entry of [again, spoken, worded]) rows.changed(entry)
  rows.sweep(2)
  again.touchedAt = 3
  rows.changed(again)
  spoken.kept = conversation({ seq: 1, waiting: [message()] })
  rows.sweep(4)
  t.equal(typeof again.kept, 'object')
  rows.sweep(6)
  t.equal(typeof again.kept, 'string')
  t.equal(typeof spoken.kept, 'object')
  t.equal(typeof worded.kept, 'object')
  t.notOk(isSilentEntry(spoken))
})

t.test('many become rows a part at a time', async (t) => {
  const rows = createSilentRows()
  const entries = Array.from({ length: 5_000 }, () => createEntry(conversation({ flags: [flag] })))
  for (const entry of entries) rows.changed(entry)
  rows.sweep(2)
  const counts = [4, 4, 4, 4].map((now) => {
    rows.sweep(now)
    return entries.filter(({ kept }) => typeof kept === 'string').length
  })
  t.same(counts, [2_000, 4_000, 5_000, 5_000])
})

t.test('however many there are, they are rows after eight sweeps', async (t) => {
  const rows = createSilentRows()
  const entries = Array.from({ length: 20_000 }, () => createEntry(conversation({ flags: [flag] })))
  for (const entry of entries) rows.changed(entry)
  rows.sweep(2)
  for (let sweep = 0; sweep < 8; sweep++) rows.sweep(4)
  t.ok(entries.every(({ kept }) => typeof kept === 'string'))
})
