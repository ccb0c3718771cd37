import t from 'tap'
import { ANGLE_LINK, htmlBlockOf, TAG } from '../../src/markdown/html.js'

function ends(what: RegExp, text: string): boolean {
  what.lastIndex = 0
  return what.test(text) && what.lastIndex === text.length
}

t.test('tags', async (t) => {
  for (const text of ['<a>', '</a >', '<a/>', '<a b c=d e = "f>" g=\'h\' i:j>', '<x-y\nz>']) t.ok(ends(TAG, text), text)
  for (const text of ['<1>', '< a>', '<a b="c>', '<a "b">', '</a b>', '<a=b>']) t.notOk(ends(TAG, text), text)
})

t.test('addresses between angles', async (t) => {
  for (const text of ['<https://a.b>', '<x+y:z>', '<a.b@c-d.e>']) t.ok(ends(ANGLE_LINK, text), text)
  for (const text of ['<a>', '<a:>', '<a:b c>', '<@a.b>', '<a@-b.c>']) t.notOk(ends(ANGLE_LINK, text), text)
})

t.test('blocks', async (t) => {
  for (const [line, is, breaksParagraph] of [
    ['<script>', 'html block', true],
    ['<!-- a', 'comment block', true],
    ['<!DOCTYPE', 'html block', true],
    ['<![CDATA[a', 'html block', true],
    ['</div>', 'html block', true],
    ['<TABLE a', 'html block', true],
    ['<b>', 'html block', false],
    ['</b> ', 'html block', false],
  ] as const) {
    t.equal(htmlBlockOf(line, false)?.is, is, line)
    t.equal(htmlBlockOf(line, true) !== null, breaksParagraph, line)
  }
  t.equal(htmlBlockOf('<? a', true)?.is, null, 'an instruction is neither shown nor changed')
  for (const line of ['<b> a', '<divx', '<br/>', '<', 'a <div>']) t.equal(htmlBlockOf(line, false), null, line)
})
