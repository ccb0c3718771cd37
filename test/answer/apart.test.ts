import t from 'tap'
import { Apart } from '../../src/answer/apart.js'
import { codesOf } from '../../src/markdown/codes.js'

t.test('words end behind an empty line, before a bullet and with the text', async (t) => {
  for (const [text, at] of [
    ['a\n\nb', 1],
    ['a\n\nb', 3],
    ['a\n• b', 2],
    ['a', 1],
    ['a\n', 1],
  ] as const)
    t.ok(new Apart(codesOf(text)).isAt(at), JSON.stringify(text))
})

t.test('words may go on in the next line, behind an indent, and before a bullet with nothing behind it', async (t) => {
  for (const [text, at] of [
    ['a\nb', 2],
    ['a\n\n b', 3],
    ['a\n •b', 2],
    ['a\n•b', 2],
    ['a\n•  b', 2],
    ['ab', 1],
  ] as const)
    t.notOk(new Apart(codesOf(text)).isAt(at), JSON.stringify(text))
})

t.test('each of many empty lines is looked at in a moment', async (t) => {
  const lines = 1_000_000
  const apart = new Apart(codesOf(`a${'\n'.repeat(lines)} b`))
  let found = 0
  for (let at = lines; at > 0; at -= 1) if (apart.isAt(at)) found += 1
  t.equal(found, 0, 'words may go on behind the indent')
})
