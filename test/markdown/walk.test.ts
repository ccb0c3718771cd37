import t from 'tap'
import type { Mark } from '../../src/markdown/mark.js'
import { walk } from '../../src/markdown/walk.js'
import { parsed } from '../fixtures/marks.js'

function visited(text: string, enter: (mark: Mark) => boolean = () => true): readonly string[] {
  const seen: string[] = []
  walk(parsed(text).marks, (mark, isInRow) => {
    seen.push(isInRow ? `${mark.is} in a row` : mark.is)
    return enter(mark)
  })
  return seen
}

t.test('marks are visited in their order, each before what is inside of it', async (t) => {
  t.strictSame(visited('# *a*\n- b\n  - **_c_**'), ['heading', 'emphasis', 'item', 'item', 'strong', 'emphasis'])
  t.strictSame(visited('|*a*|\n|-|\n|**b**|\n\n~~c~~'), ['table', 'emphasis in a row', 'strong in a row', 'struck'])
})

t.test('what is inside of a mark can be left out', async (t) => {
  t.strictSame(
    visited('[*a* ![b](c)](d) *e*', ({ is }) => is !== 'link'),
    ['link', 'emphasis'],
  )
})
