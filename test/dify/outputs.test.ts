import t from 'tap'
import { answerIn } from '../../src/dify/outputs.js'

t.test('the answer is found by name, by being alone, or in what was streamed', async (t) => {
  for (const [outputs, answer, why] of [
    [{ output: 'd', result: 'c', text: 'b', answer: 'a' }, 'a', 'answer comes first'],
    [{ output: 'd', result: 'c', text: 'b' }, 'b', 'then text'],
    [{ output: 'd', result: 'c', other: 'x' }, 'c', 'then result'],
    [{ output: 'd', other: 'x' }, 'd', 'then output'],
    [{ answer: ' ', text: 'b' }, 'b', 'a blank one is none'],
    [{ answer: 7, reply: 'x' }, 'x', 'numbers are no text'],
    [{ reply: 'x', score: 7, files: [], note: '' }, 'x', 'the only text'],
    [{ reply: 'x', note: 'y' }, 'streamed', 'two texts without a known name'],
    [{ score: 7 }, 'streamed', 'no text'],
    ['{"answer":"a"}', 'a', 'outputs as a JSON text'],
    ['a', 'streamed', 'outputs that are no JSON'],
    [null, 'streamed', 'no outputs'],
    [undefined, 'streamed', 'nothing at all'],
  ] as const) {
    t.equal(answerIn(outputs, 'streamed'), answer, why)
  }
})
