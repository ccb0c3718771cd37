import t from 'tap'
import { codesOf } from '../../src/markdown/codes.js'
import { withoutTail } from '../../src/markdown/link-tail.js'

t.test('what stands behind an address is none of it', async (t) => {
  for (const [text, rest] of [
    ['a.b/c', 'a.b/c'],
    ['a.b/c?!.,:*_~', 'a.b/c'],
    ['a.b/(c)', 'a.b/(c)'],
    ['a.b/(c)).', 'a.b/(c)'],
    ['a.b/c&amp;', 'a.b/c'],
    ['a.b/c&#38;&#x26;', 'a.b/c'],
    ['a.b/c&;', 'a.b/c&;'],
    ['a.b/c#38;', 'a.b/c#38;'],
    ['a.b/c&#a;', 'a.b/c&#a;'],
    ['a.b/c;', 'a.b/c;'],
    ['a.b/é', 'a.b/é'],
  ] as const) {
    t.equal(text.slice(0, withoutTail(codesOf(text), 0, text.length)), rest)
  }
})
