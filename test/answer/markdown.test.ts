import t from 'tap'
import { newBudget, parseMarkdown } from '../../src/answer/markdown.js'

function namesIn(text: string): readonly string[] {
  const names: string[] = []
  parseMarkdown(text, newBudget())!.iterate({
    enter({ name }) {
      names.push(name)
    },
  })
  return names
}

t.test('marks are located as CommonMark and GitHub define them', async (t) => {
  t.strictSame(namesIn('**a**'), ['Document', 'Paragraph', 'StrongEmphasis', 'EmphasisMark', 'EmphasisMark'])
  t.ok(namesIn('|a|\n|-|').includes('Table'))
  t.ok(namesIn('• a\n  • b').filter((name) => name === 'BulletList').length === 2, 'our own bullets are a list too')
})

t.test('a text that is made to be costly is not looked at', async (t) => {
  const isRead = (text: string): boolean => parseMarkdown(text, newBudget()) !== null
  t.notOk(isRead('> '.repeat(9)), 'quotes in quotes')
  t.notOk(isRead('>- '.repeat(5)), 'lists in quotes')
  t.notOk(isRead(`${' '.repeat(40)}- a`), 'lists in lists')
  t.notOk(isRead('- a\n'.repeat(3_000)), 'beginnings of lines')
  t.notOk(isRead('*a_ '.repeat(5_000)), 'marks without partners')
  t.notOk(isRead(`www.${'a'.repeat(300)}.b`), 'a long name of a host')
  t.notOk(isRead(`http://a.b/${'&amp;'.repeat(100)}`), 'a bare link with a costly end')
  t.ok(isRead('*a* '.repeat(5_000)), 'many pairs')
})

t.test('all passes of a conversion have one budget', async (t) => {
  const budget = newBudget()
  const text = '*a* '.repeat(5_000)
  let passes = 0
  while (parseMarkdown(text, budget) !== null) passes += 1
  t.ok(passes > 0 && passes < 10, `${passes}`)
  t.equal(parseMarkdown('a', budget), null)
})
