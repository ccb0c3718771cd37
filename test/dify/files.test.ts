import t from 'tap'
import { fileIn, filesIn, MOST_FILES, outputFilesIn } from '../../src/dify/files.js'

t.test('a file by its address, its kind by what Dify calls it', async (t) => {
  for (const [object, file] of [
    [
      { type: 'image', url: '/a.png', filename: 'a.png' },
      { kind: 'image', url: '/a.png', name: 'a.png' },
    ],
    [
      { type: 'audio', remote_url: 'https://a.b/c' },
      { kind: 'voice', url: 'https://a.b/c', name: null },
    ],
    [
      { type: 'custom', mime_type: 'video/mp4', url: 'u' },
      { kind: 'video', url: 'u', name: null },
    ],
    [
      { type: 'document', mime_type: 'application/pdf', url: 'u' },
      { kind: 'file', url: 'u', name: null },
    ],
    [{ url: 'u' }, { kind: 'file', url: 'u', name: null }],
    [
      { type: 'image', url: 'u', belongs_to: 'assistant' },
      { kind: 'image', url: 'u', name: null },
    ],
    [{ type: 'image', url: 'u', belongs_to: 'user' }, null],
    [{ type: 'image' }, null],
    [{ type: 'image', url: 'x'.repeat(4_097) }, null],
  ] as const) {
    t.strictSame(fileIn(object), file)
  }
})

t.test('files are read from lists, up to a cap', async (t) => {
  t.strictSame(filesIn(undefined), [])
  t.match(filesIn([{ url: 'a' }, 7, null, { url: '' }, { url: 'b' }]), [{ url: 'a' }, { url: 'b' }])
  t.equal(filesIn(new Array(100).fill({ url: 'a' })).length, MOST_FILES)
})

t.test('an output is a file only if it says so', async (t) => {
  const file = (url: string) => ({ dify_model_identity: '__dify__file__', type: 'image', url })
  const outputs = { answer: 'Hi', one: file('a'), many: [file('b'), { url: 'no' }, file('c')], other: { url: 'no' } }
  t.match(outputFilesIn(outputs), [{ url: 'a' }, { url: 'b' }, { url: 'c' }])
  t.equal(outputFilesIn(outputs).length, 3)
})
