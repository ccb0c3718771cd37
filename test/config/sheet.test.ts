import t from 'tap'
import { id, text } from '../../src/config/kinds.js'
import { createReport } from '../../src/config/report.js'
import { openSheet } from '../../src/config/sheet.js'

t.test('a key that is there is read by its kind', async (t) => {
  const report = createReport()
  const sheet = openSheet({ id: '1', name: ' shop ' }, 'channels[0]', report)!
  t.equal(sheet.need('id', id, 'the id'), '1')
  t.equal(sheet.take('name', text), 'shop')
  t.same(sheet.raw('name'), ' shop ')
  t.same(report.problems, [])
})

t.test('a key that is missing, null or inherited reads as null', async (t) => {
  const report = createReport()
  const sheet = openSheet({ name: null }, 'x', report)!
  for (const key of ['name', 'other', 'toString']) t.equal(sheet.take(key, text), null)
  t.equal(sheet.sheet('other'), null)
  t.same(report.problems, [])
})

t.test('a bad value and a missing key are problems with their path', async (t) => {
  const report = createReport()
  const sheet = openSheet({ id: 'a', owner: { id: 5 }, dify: 'x', hours: [] }, 'channels[0]', report)!
  t.equal(sheet.take('id', id), null)
  t.equal(sheet.need('platform', text, 'which one'), null)
  t.equal(sheet.sheet('owner')!.take('id', id), null)
  t.equal(sheet.sheet('dify'), null)
  t.equal(sheet.sheet('hours'), null)
  t.same(report.problems, [
    'channels[0].id must be an id of 1 to 32 digits, not "a"',
    'channels[0].platform is required: which one',
    'channels[0].owner.id must be in quotes: as a bare number a long id loses its last digits',
    'channels[0].dify must be an object: { ... }',
    'channels[0].hours must be an object: { ... }',
  ])
})

t.test('a channels file that is not an object is one problem of the whole file', async (t) => {
  const report = createReport()
  for (const value of [null, 'x', [1]]) t.equal(openSheet(value, '', report), null)
  t.same(report.problems, ['the channels file must be an object: { ... }'])
  t.equal(openSheet({}, '', report)?.at('channels'), 'channels')
})

t.test('unknown keys are warned of with the most similar known one', async (t) => {
  const report = createReport()
  const sheet = openSheet({ pauze: '1h', name: 'x' }, 'channels[0].bot', report)!
  for (const key of ['name', 'pause', 'cooldown']) sheet.take(key, text)
  sheet.done()
  t.same(report.warnings, ['channels[0].bot.pauze is not known: did you mean pause?'])
})
