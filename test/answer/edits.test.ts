import t from 'tap'
import { edited } from '../../src/answer/edits.js'

t.test('all changes are made, whatever their order, and each place is touched once', async (t) => {
  const edit = (from: number, to: number, insert = '') => ({ from, to, insert })
  t.equal(edited('abcdef', []), 'abcdef')
  t.equal(edited('abcdef', [edit(4, 5, 'X'), edit(0, 2), edit(3, 3, '+')]), 'c+dXf')
  t.equal(edited('abcdef', [edit(1, 3, '1'), edit(1, 5, '2'), edit(4, 6, '3')]), 'a2f', 'the longer one of two')
})
