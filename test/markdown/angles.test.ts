import t from 'tap'
import { marksOf } from '../fixtures/marks.js'

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
