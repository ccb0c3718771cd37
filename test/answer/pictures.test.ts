import t from 'tap'
import { edited } from '../../src/answer/edits.js'
import { placePictures, settlePictures } from '../../src/answer/pictures.js'

const picture = (name: string, isInRow = false) => ({ url: `https://a.b/${name}`, title: null, isInRow })
const at = (index: number): string => `\ufdd0${index}`
const settled = (text: string, pictures: readonly ReturnType<typeof picture>[]): string =>
  edited(text, settlePictures(text, pictures)).trim()
const placed = (text: string, pictures: readonly ReturnType<typeof picture>[]) => {
  const pieces = placePictures({ text: settled(text, pictures), pictures })
  return pieces.map((piece) => (piece.is === 'text' ? piece.text : piece.attachment.url))
}

t.test('a text without pictures is one piece, and one without a word none', async (t) => {
  t.strictSame(placed(' a\n\nb ', []), ['a\n\nb'])
  t.strictSame(placed(' \n', []), [])
})

t.test('a picture cuts its line in two, unless only a bullet stands before it, or it is in a row', async (t) => {
  const [a, b, row] = [picture('a'), picture('b'), picture('row', true)]
  t.strictSame(placed(`x\ny ${at(0)} z\nw`, [a]), ['x\ny', a.url, 'z\nw'])
  t.strictSame(placed(`${at(1)}${at(0)}`, [a, b]), [b.url, a.url])
  t.strictSame(placed(`• ${at(0)} x ${at(1)}\n2. ${at(0)}`, [a, b]), [a.url, b.url, '• x', a.url])
  t.strictSame(placed(`x | y\n${at(0)} | z\n`, [row]), ['x | y\nz', row.url])
})

t.test('what stands behind a picture begins without an indent', async (t) => {
  t.equal(settled(`${at(0)}\n\n    x\n    y`, [picture('a')]), `${at(0)}\n\n\nx\n    y`)
})

t.test('settling pictures twice changes nothing more', async (t) => {
  const once = settled(`x ${at(0)} y`, [picture('a')])
  t.equal(settled(once, [picture('a')]).replace(/\n+/g, '\n'), once.replace(/\n+/g, '\n'))
})
