import { readFileSync, realpathSync, symlinkSync } from 'node:fs'
import t from 'tap'
import { openChannels } from '../../../src/cli/connect/open-channels.js'

const readFile = (path: string): string => readFileSync(path, 'utf8')
const open = (path: string, env: Readonly<Record<string, string>> = {}) => openChannels(path, { env, readFile })

t.test('channels are found, with their tokens where those are known', async (t) => {
  const channels = [
    { id: '1', token: `\${BESIDE}` },
    { id: `\${SECOND}`, token: `\${ELSEWHERE}` },
    { id: '3', token: 'literal' },
    { id: '4', token: `\${UNKNOWN}` },
    { id: '5' },
    { id: '6', token: 7 },
    { id: '7', token: `\${EMPTY}` },
    'odd',
  ]
  const text = JSON.stringify({ channels })
  const dir = realpathSync(t.testdir({ 'c.json': text, BESIDE: 'beside\n', EMPTY: '\n', other: 'other\n' }))
  symlinkSync('c.json', `${dir}/link.json`)
  const opened = open(`${dir}/link.json`, { ELSEWHERE_FILE: `${dir}/other`, SECOND: '2' })
  t.match(opened, { path: `${dir}/link.json`, file: `${dir}/c.json`, folder: dir, text })
  for (const [id, index, writtenToken, token] of [
    ['1', 0, `\${BESIDE}`, 'beside'],
    ['2', 1, `\${ELSEWHERE}`, 'other'],
    ['3', 2, 'literal', 'literal'],
    ['4', 3, `\${UNKNOWN}`, null],
    ['5', 4, null, null],
    ['6', 5, null, null],
    ['7', 6, `\${EMPTY}`, null],
  ] as const) {
    t.match(opened.find(id), { index, writtenToken, token }, id)
  }
  t.equal(opened.find('8'), null)
})

t.test('a channel is found as the router reads it', async (t) => {
  const row = { id: ' 1 ', platform: 'Facebook', graphUrl: 'http://g/v1/', sendAs: ' 2', name: ' x ' }
  const dir = t.testdir({ 'c.json': JSON.stringify({ channels: [{ id: 1 }, { id: 'x' }, row] }) })
  const read = { id: '1', platform: 'facebook', graphUrl: 'http://g/v1', sendAs: '2', name: ' x ' }
  t.match(open(`${dir}/c.json`).find('1'), { index: 2, row: read })
})

t.test('a file that is not there has no channel', async (t) => {
  const dir = realpathSync(t.testdir())
  const opened = open(`${dir}/c.json`)
  t.match(opened, { path: `${dir}/c.json`, file: `${dir}/c.json`, folder: dir, text: null })
  t.equal(opened.find('1'), null)
  t.match(open(`${t.testdir({ 'c.json': '{"channels": []}' })}/c.json`), { text: '{"channels": []}' })
})

t.test('a link keeps the tokens beside itself, where the router looks for them', async (t) => {
  const dir = realpathSync(
    t.testdir({ etc: {}, data: { 'c.json': `{"channels": [{"id": "1", "token": "\${IG}"}]}`, IG: 'x' } }),
  )
  symlinkSync('../data/c.json', `${dir}/etc/c.json`)
  const opened = open(`${dir}/etc/c.json`)
  t.match(opened, { path: `${dir}/etc/c.json`, file: `${dir}/data/c.json`, folder: `${dir}/etc` })
  t.match(opened.find('1'), { token: null })
})

t.test('what could not be extended is refused', async (t) => {
  const dir = t.testdir({ 'broken.json': '{"channels": [', 'other.json': '{}', place: {} })
  for (const [path, message] of [
    ['none/c.json', /^Cannot write into .*\/none, where .* \(ENOENT\)\.$/],
    ['place', /^Cannot read .*\/place \(EISDIR\)\.$/],
    ['broken.json', /not JSON: .*line 1, column/],
    ['other.json', /channels is required/],
  ] as const) {
    t.throws(() => open(`${dir}/${path}`), { exitCode: 1, message }, path)
  }
})
