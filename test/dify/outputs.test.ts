import t from 'tap'
import { quickRepliesIn, saidIn } from '../../src/dify/outputs.js'

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
    t.equal(saidIn(outputs, 'streamed').text, answer, why)
  }
})

t.test('an output with parts of its own is read where nothing else says anything', async (t) => {
  for (const [outputs, text] of [
    [{ structured_output: { answer: 'a', note: 'b' } }, 'a'],
    [{ result: { reply: 'a', score: 1 } }, 'a'],
    [{ output: ['a', 'b'] }, 'a\n\nb'],
    [{ output: ['a', 7] }, ''],
    [{ output: [] }, ''],
    [{ structured_output: { a: 'x', b: 'y' } }, ''],
    [{ other: { answer: 'a' } }, ''],
  ] as const) {
    t.equal(saidIn(outputs, '').text, text, JSON.stringify(outputs))
  }
  t.equal(saidIn({ structured_output: { answer: 'a' } }, 'streamed').text, 'streamed')
})

t.test('files and quick replies are read from a workflow’s outputs', async (t) => {
  const file = { dify_model_identity: '__dify__file__', type: 'image', remote_url: 'https://a.b/c.png' }
  t.strictSame(saidIn({ text: 'Hi', chart: file, quick_replies: ['Yes', ' No '] }, ''), {
    text: 'Hi',
    files: [{ kind: 'image', url: 'https://a.b/c.png', name: null }],
    quickReplies: ['Yes', 'No'],
  })
  t.strictSame(quickRepliesIn({ structured_output: { quick_replies: ['A', 7, '', 'B'] } }), ['A', 'B'])
  t.strictSame(quickRepliesIn({ quick_replies: 'Yes' }), [])
  t.equal(quickRepliesIn({ quick_replies: new Array(20).fill('x'.repeat(2_000)) }).join('').length, 13_000)
})
