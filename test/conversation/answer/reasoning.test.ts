import t from 'tap'
import { withoutReasoning } from '../../../src/conversation/answer/reasoning.js'
import fc, { RUNS } from '../../fixtures/property.js'

const SUMMARY = '<summary> Thinking... </summary>'
const DETAILS = `<details style="color:gray;" open> ${SUMMARY}\n\nsecret\n</details>`

for (const [what, text, left] of [
  ['a thought before the answer', '<think>secret</think>\n\nHello', '\n\nHello'],
  ['a thought within it', 'A <think>secret</think>B', 'A B'],
  ['two thoughts', '<think>secret</think>A<think>secret</think>B', 'AB'],
  ['a thought within a thought', 'X<think>secret<think>secret</think>secret</think>Y', 'XY'],
  ['no beginning', 'secret</think>Hello', 'Hello'],
  ['two ends', '<think>secret</think>secret</think>Hello', 'Hello'],
  ['no end', 'Hello<think>secret', 'Hello'],
  ['two beginnings, one end', 'Hello<think>secret<think>secret</think>secret', 'Hello'],
  ['another spelling', '<THINK >secret</Think>A<thinking>secret</thinking>B<think class="a">secret</think>', 'AB'],
  ['nothing else', '<think>secret</think>', ''],
  ['what Dify makes of it', `${DETAILS}Hello`, 'Hello'],
  ['one of many languages', '<details><summary>思考过程</summary>secret</details>Hello', 'Hello'],
  ['a summary in bold', '<details><summary><b>Thought</b> for 3 s</summary>secret</details>Hello', 'Hello'],
  ['details within them', `<details>${SUMMARY}secret<details>secret</details>secret</details>Hello`, 'Hello'],
  ['details without an end', `Hello<details>${SUMMARY}secret`, 'Hello'],
  ['other details', '<details><summary>What we think of it</summary>text</details>', null],
  ['details without a summary', '<details>thinking</details>', null],
  ['an end of details alone', 'Hello</details>', null],
  ['a tag that only begins like one', '<thinker>Hello</thinker>', null],
  ['signs of less', '1 < 2 <thin', null],
  ['plain text', 'Hello', null],
] as const) {
  t.test(`reasoning: ${what}`, async (t) => {
    t.equal(withoutReasoning(text), left ?? text)
  })
}

t.test('all reasoning is removed, and the rest kept to the letter', async (t) => {
  const word = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '<', '>', 'س') })
  const thought = word.map((each) => `<think>${each}§</think>`)
  fc.assert(
    fc.property(fc.array(fc.oneof(word, thought)), (pieces) => {
      const left = pieces.filter((piece) => !piece.includes('§')).join('')
      t.equal(withoutReasoning(pieces.join('')), left)
    }),
    { numRuns: RUNS },
  )
})

t.test('hostile tags are scanned in linear time', async (t) => {
  for (const piece of ['<think>', '</think>', '<details>', '<details ', '<think ', '<details><summary>thought', '<']) {
    const text = piece.repeat(400_000 / piece.length)
    const from = process.cpuUsage().user
    withoutReasoning(text)
    t.ok(process.cpuUsage(undefined).user - from < 1_000_000, piece)
  }
})
