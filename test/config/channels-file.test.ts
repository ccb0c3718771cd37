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
    'channels[0].token needs A, which is not set: set A or A_FILE, or put its value into the file A',
    'channels[0].dify.key needs B, which is not set: set B or B_FILE, or put its value into the file B',
    'C_FILE names a file that cannot be read: /none (ENOENT)',
  ])
})

t.test('a name that is not set is looked for in the file of that name beside the channels file', async (t) => {
  const path = '/etc/router/channels.json'
  const from = (text: string, env: Env, files: Record<string, string | Error>) => {
    const report = createReport()
    const all: typeof files = { ...files, [path]: `{"channels": ["${text}"]}` }
    const readFile = (given: string): string => {
      const found = all[given] ?? Object.assign(new Error('none'), { code: 'ENOENT' })
      if (found instanceof Error) throw found
      return found
    }
    const { rows } = readChannelsFile(path, readFile, createLookup(env, readFile, report), report)
    return { row: rows[0], problems: report.problems }
  }
  const beside = { '/etc/router/IG': 'of the file\n', '/etc/secret': 'elsewhere', '/etc/IG': 'above' }
  t.same(from(`\${IG}`, {}, beside), { row: 'of the file', problems: [] })
  t.same(from(`\${IG}`, { IG: ' ' }, beside), { row: 'of the file', problems: [] })
  t.same(from(`\${IG}`, { IG: 'set' }, beside), { row: 'set', problems: [] }, 'what is set counts')
  t.same(from(`\${IG}`, { IG_FILE: '/etc/secret' }, beside), { row: 'elsewhere', problems: [] })
  t.match(from(`\${IG}`, { IG: 'set', IG_FILE: '/etc/secret' }, beside).problems, [/^IG and IG_FILE are both set/])
  t.match(from(`\${IG}`, { IG_FILE: '/none' }, beside).problems, [/^IG_FILE names a file that cannot be read/])
  t.same(from(`\${../IG}`, {}, beside), { row: `\${../IG}`, problems: [] }, 'no name, no path')
  t.same(from(`\${IG}`, {}, {}).problems, [
    'channels[0] needs IG, which is not set: set IG or IG_FILE, or put its value into the file /etc/router/IG',
  ])
  t.same(from(`\${IG}`, {}, { '/etc/router/IG': ' \n' }).problems, [
    'IG is not set, and the file beside the channels file is empty: /etc/router/IG',
  ])
  const unreadable = Object.assign(new Error('no'), { code: 'EACCES' })
  t.same(from(`\${IG}`, {}, { '/etc/router/IG': unreadable }).problems, [
    'IG is not set, and the file beside the channels file cannot be read: /etc/router/IG (EACCES)',
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

t.test('what is nested without end is a problem, and nothing breaks on it', async (t) => {
  const nested = (depth: number): string =>
    `{"channels": [{"dify": {"inputs": ${'['.repeat(depth)}${']'.repeat(depth)}}}]}`
  t.same(read(nested(90)).problems, [])
  const { problems } = read(nested(20_000))
  t.equal(problems.length, 1)
  t.match(problems[0], /^channels\[0\]\.dify\.inputs(\[0\])+ is nested too deep: at most 100 levels are read$/)
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
