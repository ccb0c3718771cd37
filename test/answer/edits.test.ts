import t from 'tap'
import { edited, revised, trimmed } from '../../src/answer/edits.js'

t.test('all changes are made, whatever their order, and each place is touched once', async (t) => {
  const edit = (from: number, to: number, insert = '') => ({ from, to, insert })
  t.equal(edited('abcdef', []), 'abcdef')
  t.equal(edited('abcdef', [edit(4, 5, 'X'), edit(0, 2), edit(3, 3, '+')]), 'c+dXf')
  t.equal(edited('abcdef', [edit(1, 3, '1'), edit(1, 5, '2'), edit(4, 6, '3')]), 'a2f', 'the longer one of two')
})

t.test('a change leaves what it does not touch between two cuts plain', async (t) => {
  const edit = (from: number, to: number, insert = '') => ({ from, to, insert })
  const cuts = [0, 2, 4, 6].map((at) => ({ at, isPlain: true }))
  const shown = (...edits: readonly ReturnType<typeof edit>[]): string => {
    const draft = revised({ text: 'a\nb\nc\nd', cuts }, edits)
    return [draft.text, ...draft.cuts.map(({ at, isPlain }) => `${at}${isPlain ? '' : '!'}`)].join(' ')
  }
  t.equal(shown(), 'a\nb\nc\nd 0 2 4 6')
  t.equal(shown(edit(2, 3, 'b')), 'a\nb\nc\nd 0 2 4 6', 'what stood there before')
  t.equal(shown(edit(2, 3, 'BB')), 'a\nBB\nc\nd 0 2! 5 7')
  t.equal(shown(edit(3, 3, '+'), edit(4, 5)), 'a\nb+\n\nd 0 2! 5! 6')
  t.equal(shown(edit(1, 5, '-')), 'a-\nd 0! 3', 'cuts in what goes')
  t.equal(shown(edit(2, 4)), 'a\nc\nd 0 2! 2! 4', 'at both ends')
  t.equal(shown(edit(0, 0, '+')), '+a\nb\nc\nd 0! 3 5 7')
})

t.test('blanks at both ends are taken away', async (t) => {
  for (const text of ['', ' \n', 'a', ' a b\n\n', '\u00a0a']) t.equal(edited(text, trimmed(text)), text.trim())
})
