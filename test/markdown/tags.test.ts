import t from 'tap'
import { codesOf } from '../../src/markdown/codes.js'
import { pastTag } from '../../src/markdown/tags.js'

function isTag(text: string, mayCloseItself = true): boolean {
  return pastTag(codesOf(text), 0, text.length, mayCloseItself) === text.length
}

t.test('tags', async (t) => {
  for (const text of [
    '<a>',
    '</a >',
    '<a/>',
    '<a b c=d e = "f>" g=\'h\' i:j>',
    '<x-y\nz>',
    '<a b=c/>',
    '<a _b .>'.replace(' .', ''),
  ]) {
    t.ok(isTag(text), text)
  }
  for (const text of [
    '<1>',
    '< a>',
    '<a b="c>',
    '<a "b">',
    '</a b>',
    '<a=b>',
    '<a b=>',
    '<a b="c"d>',
    '<a b=c',
    '<a b',
    '<a',
    '<',
  ]) {
    t.notOk(isTag(text), text)
  }
  for (const text of ['<a b=c`>', '<a b = >', '</a/>', '<a b=']) t.notOk(isTag(text), text)
})

t.test('a tag that begins a block does not close itself', async (t) => {
  t.notOk(isTag('<a/>', false))
  t.ok(isTag('<a b=c/>', false), 'the bar is part of the value')
})
