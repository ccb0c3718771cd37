import t from 'tap'
import { withChannel, withToken } from '../../src/config/extend-channels.js'

const ROW = { id: '2', platform: 'facebook' }

t.test('a channel is added in the way the file is written', async (t) => {
  for (const [text, wanted] of [
    [null, '{\n  "channels": [\n    {\n      "id": "2",\n      "platform": "facebook"\n    }\n  ]\n}\n'],
    ['{"channels": []}', '{"channels": [{"id": "2", "platform": "facebook"}]}'],
    [
      '{"x":  1, "channels": [{"id": "1"}]}\n',
      '{"x":  1, "channels": [{"id": "1"}, {"id": "2", "platform": "facebook"}]}\n',
    ],
    [
      '\uFEFF{"channels": [\n\t{"id": "0"},\n\t{"id": "1"}\n]}',
      '\uFEFF{"channels": [\n\t{"id": "0"},\n\t{"id": "1"},\n\t{\n\t  "id": "2",\n\t  "platform": "facebook"\n\t}\n]}',
    ],
  ] as const) {
    t.equal(withChannel(text, ROW), wanted)
  }
})

t.test('a token is changed or added, and nothing else', async (t) => {
  const text = '{"channels": [{"id":  "1", "bot": {"token": "no"}}, {"token":"old" , "id": "2"}]}'
  t.equal(withToken(text, 1, 'new'), text.replace('"old"', '"new"'))
  t.equal(withToken(text, 0, 'new'), text.replace('"id":  "1"', '"id":  "1", "token": "new"'))
})
