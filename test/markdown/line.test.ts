import t from 'tap'
import { codesOf } from '../../src/markdown/codes.js'
import { Line } from '../../src/markdown/line.js'

t.test('a line knows where its words begin, in places and in columns', async (t) => {
  const line = new Line(codesOf('a\n \tb\n'))
  line.read(2)
  t.match(line, { start: 2, end: 5, pos: 4, indent: 4, base: 2, baseIndent: 0, isBlank: false, isIndented: true })
  t.equal(line.sign, 'b'.charCodeAt(0))
  line.read(6)
  t.match(line, { start: 6, end: 6, isBlank: true })
  t.notOk(line.sign >= 0, 'an empty line begins with no sign')
  t.notOk(line.isBlankAt(6), 'the end of the line is no blank')
})

t.test('the base moves past signs, to a place or to a column', async (t) => {
  const line = new Line(codesOf('>  \tb'))
  line.read(0)
  line.moveBase(2)
  t.match(line, { base: 2, baseIndent: 2, pos: 4, indent: 4 })
  line.moveBaseToColumn(3)
  t.match(line, { base: 3, baseIndent: 3, pos: 4 })
  t.equal(line.placeOfColumn(4), 4)
  t.equal(line.placeOfColumn(40), 5)
})

t.test('signs of quotes and items become blanks, and tabs stay', async (t) => {
  const codes = codesOf('a\n >\t- b\nc')
  const line = new Line(codes)
  line.read(2)
  line.moveBase(7)
  line.blankSigns()
  t.strictSame(codes, codesOf('a\n  \t  b\nc'))
})
