import t from 'tap'
import { Line } from '../../src/markdown/line.js'
import { Paragraph } from '../../src/markdown/paragraph.js'

t.test('signs of quotes and items are blanks in the words of a paragraph', async (t) => {
  const line = new Line('a\n > b\nc')
  line.read(0)
  const paragraph = new Paragraph(line, true)
  t.equal(paragraph.content, null)
  line.read(2)
  line.moveBase(5)
  t.equal(paragraph.piece, '\n   b')
  paragraph.add()
  line.read(7)
  paragraph.add()
  t.equal(paragraph.content, 'a\n   b\nc')
  t.match(paragraph, {
    from: 0,
    to: 8,
    lines: [
      { from: 0, to: 1 },
      { from: 5, to: 6 },
      { from: 7, to: 8 },
    ],
  })
})

t.test('without signs they are a piece of the text', async (t) => {
  const line = new Line('  a\n  b')
  line.read(0)
  const paragraph = new Paragraph(line, false)
  line.read(4)
  paragraph.add()
  t.match(paragraph, { from: 2, to: 7, content: null, lines: [] })
})
