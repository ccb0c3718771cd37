import t from 'tap'
import { codesOf } from '../../src/markdown/codes.js'
import { type HtmlBlock, holdsEnd, htmlBlockOf } from '../../src/markdown/html.js'

function blockOf(line: string, breaksParagraph: boolean): HtmlBlock | null {
  return htmlBlockOf(codesOf(line), 0, line.length, breaksParagraph)
}

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
    t.equal(blockOf(line, false)?.is, is, line)
    t.equal(blockOf(line, true) !== null, breaksParagraph, line)
  }
  t.equal(blockOf('<? a', true)?.is, null, 'an instruction is neither shown nor changed')
  for (const line of ['<b> a', '<divx', '<br/>', '<', '<!a', '<1>', '<![cdata[', '</script'])
    t.equal(blockOf(line, false), null, line)
})

t.test('what a block ends with, in small letters or in capital ones', async (t) => {
  const isLast = (first: string, line: string): boolean =>
    holdsEnd(blockOf(first, true)!, codesOf(line), 0, line.length)
  t.ok(isLast('<script>', 'a</SCRIPT>'))
  t.notOk(isLast('<script', '</scrip'))
  t.ok(isLast('<!-- a', 'b --> c'))
  t.notOk(isLast('<p>', '<p>'), 'a block of tags ends before a blank line')
})
