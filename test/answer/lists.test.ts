import t from 'tap'
import { plain } from '../fixtures/markdown.js'

for (const [what, text, expected] of [
  ['a list', '- a\n* b\n+ c', '• a\n• b\n• c'],
  ['a list in a list', '- a\n    - b\n        * c\n- d', '• a\n  • b\n    • c\n• d'],
  ['numbers', '1. a\n2) b\n24. Dezember\n26. Dezember', '1. a\n2) b\n24. Dezember\n26. Dezember'],
  ['numbers in numbers', '1. a\n   1. b\n   2. c\n2. d', '1. a\n  1. b\n  2. c\n2. d'],
  ['bullets in numbers', '1. a\n   - b\n2. c', '1. a\n  • b\n2. c'],
  ['two marks in a line', '- - a', '• • a'],
  ['a list in a quote', '> - a\n>   - b', '• a\n  • b'],
  ['blanks behind a bullet', '-   a', '• a'],
  ['tasks', '- [ ] a\n- [x] b', '• [ ] a\n• [x] b'],
  ['bullets of our own', '• a\n  • b\n    • c', null],
] as const) {
  t.test(`lists: ${what}`, async (t) => {
    t.equal(plain(text), expected ?? text)
  })
}
