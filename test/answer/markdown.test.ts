import t from 'tap'
import { parseMarkdown } from '../../src/answer/markdown.js'

function namesIn(text: string): readonly string[] {
  const names: string[] = []
  parseMarkdown(text)!.iterate({
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

t.test('a text that is made to be costly is not looked at, or only where it costs little', async (t) => {
  t.equal(parseMarkdown('*'.repeat(3_001)), null, 'marks')
  t.equal(parseMarkdown('- a\n'.repeat(601)), null, 'beginnings of lines')
  t.equal(parseMarkdown('> '.repeat(9)), null, 'quotes in quotes')
  t.equal(parseMarkdown(`${' '.repeat(40)}- a`), null, 'lists in lists')
  t.equal(parseMarkdown(new Array(6).fill('*a '.repeat(400)).join('\n\n')), null, 'paragraphs at the edge')
  t.strictSame(namesIn('*a* '.repeat(201)), ['Document', 'Paragraph'], 'a paragraph over it')
  t.ok(namesIn(`${'*a* '.repeat(201)}\n\n*b*`).includes('Emphasis'), 'beside which others are read')
})
