import t from 'tap'
import { readChannelsFile } from '../../src/config/channels-file.js'
import { createLookup, type Env } from '../../src/config/environment.js'
import { createReport } from '../../src/config/report.js'

const read = (text: string, env: Env = {}, files: Record<string, string> = {}) => {
  const report = createReport()
  const readFile = (path: string): string => {
    const found = path === 'channels.json' ? text : files[path]
    if (found === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return found
  }
  const { rows, used } = readChannelsFile('channels.json', readFile, createLookup(env, readFile, report), report)
  return { rows, used: [...used], problems: report.problems, warnings: report.warnings }
}

t.test('the rows of the file come as they are', async (t) => {
  t.same(read('\uFEFF{"channels": [{"id": "1", "on": true, "no": null}, 5]}'), {
    rows: [{ id: '1', on: true, no: null }, 5],
    used: [],
    problems: [],
    warnings: [],
  })
})

t.test('names in texts are replaced from the environment, or from the file that NAME_FILE names', async (t) => {
  const text = `{"channels": [{"token": "\${A}", "dify": {"url": "https://\${HOST_1}/v1"}, "list": ["x", "\${B}\${A}"]}]}`
  const { rows, used, problems } = read(text, { A: 'a', HOST_1: 'dify', B_FILE: '/b' }, { '/b': 'b\n' })
  t.same(problems, [])
  t.same(rows, [{ token: 'a', dify: { url: 'https://dify/v1' }, list: ['x', 'ba'] }])
  t.same(used, ['A', 'HOST_1', 'B'])
})

t.test('a replaced text is not looked at again, and other braces stay', async (t) => {
  const { rows, problems } = read(`{"channels": ["\${A}", "{share} \${} \${1} $A", "$&"]}`, { A: `\${B} $1`, B: 'b' })
  t.same(problems, [])
  t.same(rows, [`\${B} $1`, `{share} \${} \${1} $A`, '$&'])
})

t.test('a name that is not set is a problem with the place that needs it', async (t) => {
  const { problems } = read(`{"channels": [{"token": "\${A}", "dify": {"key": "x\${B}"}}, "\${C}"]}`, {
    A: '',
    C_FILE: '/none',
  })
  t.same(problems, [
    'channels[0].token needs A, which is not set: set A or A_FILE',
    'channels[0].dify.key needs B, which is not set: set B or B_FILE',
    'C_FILE names a file that cannot be read: /none (ENOENT)',
  ])
})

t.test('a file that cannot be read is a problem', async (t) => {
  const report = createReport()
  const readFile = (): string => {
    throw new Error('gone')
  }
  t.same(readChannelsFile('x.json', readFile, createLookup({}, readFile, report), report).rows, [])
  t.same(report.problems, ['CHANNELS_FILE names a file that cannot be read: x.json (gone)'])
})

t.test('broken JSON is a problem that names the place but not what stands there', async (t) => {
  const cases: [string, string][] = [
    ['{\n  "channels": [1, 2,]\n}', 'line 2, column 21'],
    ['{\n  "channels": [{"token": EAAsecret}]\n}', 'line 2, column 26'],
    ['{\n  "channels": [true, tru3]}', 'line 2, column 25'],
    ['{\n  "channels": [\n    {"a": 1 "b": 2}]}', 'line 3, column 13'],
    ['{\n  "channels": [', 'line 2, column 15'],
    ['', 'line 1, column 1'],
    ['nothing', 'line 1, column 2'],
    ["{'channels': []}", 'line 1, column 2'],
    ['{"channels": []} x', 'line 1, column 18'],
  ]
  for (const [text, place] of cases) {
    t.same(read(text).problems, [`CHANNELS_FILE names a file that is not JSON: channels.json, ${place}`], text)
  }
})

t.test('a file without a list of channels is a problem', async (t) => {
  for (const text of ['{}', '{"channels": {"id": "1"}}', '{"channels": null}']) {
    t.same(read(text).problems, ['channels is required: {"channels": [{"id": ..., "platform": ...}]}'])
  }
  t.same(read('[]').problems, ['the channels file must be an object: { ... }'])
})

t.test('other keys beside the list are warned of', async (t) => {
  const { rows, warnings } = read('{"channels": [], "chanels": []}')
  t.same(rows, [])
  t.same(warnings, ['chanels is not known: did you mean channels?'])
})
