import t from 'tap'
import { literal, withoutStandIns, withSigns } from '../../src/answer/literal.js'
import { plain } from '../fixtures/markdown.js'

for (const [what, text, expected] of [
  ['escapes', '\\*a\\* \\# 1\\. \\[x\\] \\_b\\_ C:\\dir', '*a* # 1. [x] _b_ C:\\dir'],
  ['stand-ins of ours', 'a\ufdd0b\ufdd3', 'ab'],
] as const) {
  t.test(`literal characters are kept: ${what}`, async (t) => {
    t.equal(plain(text), expected)
  })
}

t.test('a stand-in becomes its character again', async (t) => {
  const signs = '*_#>[]()!`~<&\\|+-=.• and words'
  t.notMatch(literal(signs), /[*_#>[\]()!`~<&\\|+\-=.•]/)
  t.equal(withSigns(literal(signs)), signs)
  t.equal(literal(signs).length, signs.length)
  t.equal(withoutStandIns(literal('a*b')), 'ab')
  t.equal(withoutStandIns('plain'), 'plain')
})
