import t from 'tap'
import { createReport } from '../../src/config/report.js'

t.test('a report keeps every line once, in order', async (t) => {
  const report = createReport()
  report.bad('b')
  report.bad('a')
  report.bad('b')
  report.warn('c')
  report.warn('c')
  t.same([report.problems, report.warnings], [['b', 'a'], ['c']])
})
