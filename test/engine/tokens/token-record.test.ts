import t from 'tap'
import { begun, decodeRecord, encodeRecord, refreshed, replaces } from '../../../src/engine/tokens/token-record.js'

const DAY = 24 * 3_600_000
const NOW = Date.UTC(2026, 10, 30)

t.test('a record begins with a token of unknown age, which is due at once', async (t) => {
  const record = begun('a', null)
  t.match(record, { token: null, expiresAt: 0, dueAt: 0, failures: 0 })
  t.ok(replaces(record, 'a'))
  t.notOk(replaces(record, 'b'))
  t.notMatch(encodeRecord(record), '"a"', 'of the token it knows a fingerprint')
})

t.test('a refreshed token is due again a week before its end', async (t) => {
  const record = refreshed({ ...begun('a', null), failures: 3 }, 'a', { token: 'b', lifeMs: 60 * DAY }, NOW)
  t.match(record, { token: 'b', expiresAt: NOW + 60 * DAY, dueAt: NOW + 53 * DAY, failures: 0 })
  t.ok(replaces(record, 'a'))
  t.ok(replaces(record, 'b'), 'the refreshed one itself may be in the settings')
  t.notOk(replaces(record, 'c'))
  const short = refreshed(record, 'a', { token: 'd', lifeMs: 7 * DAY }, NOW)
  t.equal(short.dueAt, NOW + DAY, 'Meta refreshes none of less than a day')
})

t.test('older tokens of the settings are known, and the current one is never forgotten', async (t) => {
  let record = begun('first', null)
  for (let i = 0; i < 30; i++) {
    record = begun(`token ${i}`, record)
    record = refreshed(record, `token ${i}`, { token: `refreshed ${i}`, lifeMs: 60 * DAY }, NOW)
  }
  t.equal(record.from.length, 10)
  t.ok(replaces(record, 'token 29'))
  t.ok(replaces(record, 'token 20'))
  t.notOk(replaces(record, 'first'))
  for (let i = 0; i < 30; i++) record = refreshed(record, 'token 20', { token: `later ${i}`, lifeMs: DAY }, NOW)
  t.ok(replaces(record, 'token 20'))
  t.equal(new Set(record.from).size, record.from.length)
})

t.test('a record is read again, and nothing else is', async (t) => {
  for (const record of [begun('a', null), refreshed(begun('a', null), 'a', { token: 'b', lifeMs: DAY }, NOW)]) {
    t.same(decodeRecord(encodeRecord(record)), record)
  }
  const good = { token: 'b', expiresAt: 1, dueAt: 1, failures: 0, from: ['x'] }
  t.same(decodeRecord(JSON.stringify({ ...good, more: 1 })), good)
  for (const bad of [
    ...['', 'x', '7', 'null', '[]'],
    ...[{ token: 7 }, { expiresAt: null }, { dueAt: '1' }, { failures: 'x' }, { from: 'x' }, { from: [1] }].map(
      (change) => JSON.stringify({ ...good, ...change }),
    ),
  ]) {
    t.equal(decodeRecord(bad), null, bad)
  }
})
