import t from 'tap'
import { mayBeginAngles } from '../../src/markdown/angles.js'
import { codesOf } from '../../src/markdown/codes.js'
import { markdown } from '../fixtures/markdown.js'
import { marksOf } from '../fixtures/marks.js'
import fc, { RUNS } from '../fixtures/property.js'

for (const [what, text, marks] of [
  ['addresses', '<https://a.b> <a@b.c> <a:b c> <a@b', ['autolink 0-13', 'autolink 14-21']],
  ['tags', '<b> </b > <a href="x>y" c=\'d\' e=f g/> <1> <a b=">', ['tag 0-3', 'tag 4-9', 'tag 10-37']],
  ['comments', 'x <!-- a --> <!--> <!---> <!-- b', ['comment 2-12', 'comment 13-18', 'comment 19-25']],
  ['declarations', 'x <!DOCTYPE a> <![CDATA[ *b* ]]> <! c> <!D', ['tag 2-14', 'tag 15-32']],
  ['instructions', 'x <? *a* ?> <?> <? b', []],
  ['an end that does not come', 'x <!-- a <!-- b > <? c <? d >', []],
  ['nothing behind it', 'a < b <', []],
] as const) {
  t.test(`angles: ${what}`, async (t) => {
    t.strictSame(marksOf(text), marks)
  })
}

t.test('in a line without a < that may begin something, none of these marks is found', async (t) => {
  fc.assert(
    fc.property(markdown, (lines) => {
      const text = lines.replaceAll('\n', ' ')
      const codes = codesOf(text)
      const isBegun = [...text.matchAll(/</g)].some(({ index }) =>
        mayBeginAngles(codes, index, Math.max(0, text.indexOf('>', index))),
      )
      if (!isBegun)
        t.notOk(
          marksOf(text).some((mark) => /^(?:autolink|tag|comment) /.test(mark)),
          text,
        )
    }),
    { numRuns: RUNS },
  )
})
