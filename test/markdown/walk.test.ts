import t from 'tap'
import type { Mark } from '../../src/markdown/mark.js'
import { walk } from '../../src/markdown/walk.js'
import { parsed } from '../fixtures/marks.js'

function visited(text: string, enter: (mark: Mark) => boolean = () => true): readonly string[] {
  const seen: string[] = []
  walk(parsed(text).marks, {
    enter(mark, isInRow) {
      seen.push(isInRow ? `${mark.is} in a row` : mark.is)
      return enter(mark)
    },
    leave: () => void seen.push('end of item'),
  })
  return seen
}

t.test('marks are visited in their order, each before what is inside of it', async (t) => {
  t.strictSame(visited('# *a*\n- b\n  - _c_\n- d'), [
    ...['heading', 'emphasis', 'item', 'item', 'emphasis', 'end of item', 'end of item', 'item', 'end of item'],
  ])
  t.strictSame(visited('|*a*|\n|-|\n|**b**|\n\n~~c~~'), ['table', 'emphasis in a row', 'strong in a row', 'struck'])
})

t.test('what is inside of a mark can be left out', async (t) => {
  t.strictSame(
    visited('[*a* ![b](c)](d) *e*', ({ is }) => is !== 'link'),
    ['link', 'emphasis'],
  )
})

t.test('the ends of items need not be told', async (t) => {
  walk(parsed('- a').marks, { enter: ({ is }) => t.equal(is, 'item') })
})
