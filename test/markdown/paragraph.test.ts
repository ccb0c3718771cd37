import t from 'tap'
import { codesOf } from '../../src/markdown/codes.js'
import { Line } from '../../src/markdown/line.js'
import { blankSigns, Paragraph } from '../../src/markdown/paragraph.js'

t.test('a paragraph reaches from its first word to the end of its last line', async (t) => {
  const line = new Line(codesOf('  a\n > b\nc'))
  line.read(0)
  const paragraph = new Paragraph(line, true)
  const other = new Paragraph(line, false)
  line.read(4)
  line.moveBase(7)
  paragraph.add()
  other.add()
  t.match(paragraph, { from: 2, to: 8 })
  t.strictSame(paragraph.lines, [
    { from: 2, to: 3 },
    { from: 7, to: 8 },
  ])
  t.match(other, { from: 2, to: 8, lines: [] })
})

t.test('signs of quotes and items become blanks, and tabs stay', async (t) => {
  const codes = codesOf('a\n >\t- b\nc')
  const line = new Line(codes)
  line.read(2)
  line.moveBase(7)
  blankSigns(line)
  t.strictSame(codes, codesOf('a\n  \t  b\nc'))
})
