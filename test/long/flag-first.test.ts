import t from 'tap'
import { flagFirst } from '../fixtures/flag-first.js'

t.test('workflows that mark first, and a person at ten points of runs of five seconds', (t) => flagFirst(t, 7))
