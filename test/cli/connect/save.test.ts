import { chmodSync, readFileSync, statSync } from 'node:fs'
import t, { type Test } from 'tap'
import { openChannels } from '../../../src/cli/connect/open-channels.js'
import { save, variableOf } from '../../../src/cli/connect/save.js'
import { GRAPH } from '../../../src/config/channel.js'
import type { Account } from '../../../src/meta/accounts.js'

const readFile = (path: string): string => readFileSync(path, 'utf8')
const account: Account = { id: '1', platform: 'facebook', name: 'Shop', token: 'fresh', owner: '1' }

function folder(
  t: Test,
  files: Readonly<Record<string, string | Record<string, never>>>,
  env: Readonly<Record<string, string>> = {},
) {
  const dir = t.testdir(files)
  return {
    dir,
    saved: (given = account, graphUrl = GRAPH[given.platform]) =>
      save(openChannels(`${dir}/c.json`, { env, readFile }), given, graphUrl, { env, readFile }),
    channels: () => JSON.parse(readFile(`${dir}/c.json`)).channels,
    tokenIn: (name: string) => readFile(`${dir}/${name}`),
  }
}

t.test('a new channel stands in the file, its token beside it', async (t) => {
  const { dir, saved, channels, tokenIn } = folder(t, {})
  t.match(saved(), /\/FACEBOOK_TOKEN_1$/)
  t.same(channels(), [{ id: '1', platform: 'facebook', name: 'Shop', token: `\${FACEBOOK_TOKEN_1}` }])
  t.equal(tokenIn('FACEBOOK_TOKEN_1'), 'fresh\n')
  t.equal(statSync(`${dir}/FACEBOOK_TOKEN_1`).mode & 0o777, 0o600)
  t.equal(statSync(`${dir}/c.json`).mode & 0o777, 0o644)

  saved({ ...account, id: '17', platform: 'instagram', name: `\${HOME}` }, GRAPH.facebook)
  saved({ ...account, id: '3', owner: '3', name: null })
  saved({ ...account, id: '4', owner: '4', name: ' ' })
  t.same(channels().slice(1), [
    { id: '17', platform: 'instagram', token: `\${INSTAGRAM_TOKEN_17}`, graphUrl: GRAPH.facebook, sendAs: '1' },
    { id: '3', platform: 'facebook', token: `\${FACEBOOK_TOKEN_3}` },
    { id: '4', platform: 'facebook', token: `\${FACEBOOK_TOKEN_4}` },
  ])
})

t.test('what is right is not touched', async (t) => {
  const { dir, saved } = folder(t, {})
  saved()
  const times = () => ['c.json', 'FACEBOOK_TOKEN_1'].map((name) => statSync(`${dir}/${name}`, { bigint: true }).mtimeNs)
  const before = times()
  saved()
  t.same(times(), before)
})

t.test('a token that others could read is no longer open to them', async (t) => {
  const { dir, saved, tokenIn } = folder(t, { FACEBOOK_TOKEN_1: 'fresh\n' })
  chmodSync(`${dir}/FACEBOOK_TOKEN_1`, 0o644)
  saved()
  t.equal(tokenIn('FACEBOOK_TOKEN_1'), 'fresh\n')
  t.equal(statSync(`${dir}/FACEBOOK_TOKEN_1`).mode & 0o777, 0o600)
})

t.test('a new token goes where the old one came from', async (t) => {
  const text = `{"channels": [{"id": "1", "token": "\${IG}"}]}`
  const beside = folder(t, { 'c.json': text, IG: 'old' })
  t.equal(beside.saved(), `${beside.dir}/IG`)
  t.equal(beside.tokenIn('IG'), 'fresh\n')
  t.equal(beside.tokenIn('c.json'), text)

  const named = folder(t, { 'c.json': text, place: 'old' }, { IG_FILE: `${beside.dir}/place` })
  t.equal(named.saved(), `${named.dir}/place`)
  t.equal(named.tokenIn('place'), 'fresh\n')
})

t.test('a token that came from no file gets one', async (t) => {
  for (const [token, env] of [
    ['literal', {}],
    [`\${IG}`, { IG: 'old' }],
    [`\${IG}\${IG}`, {}],
  ] as const) {
    const { saved, channels } = folder(t, { 'c.json': JSON.stringify({ channels: [{ id: '1', token }] }) }, env)
    t.match(saved(), /\/FACEBOOK_TOKEN_1$/)
    t.same(channels(), [{ id: '1', token: `\${FACEBOOK_TOKEN_1}` }])
  }
  const taken = folder(t, {}, { FACEBOOK_TOKEN_1: 'x' })
  const noFile = folder(t, { FACEBOOK_TOKEN_1: {} })
  t.throws(() => noFile.saved(), { exitCode: 1, message: /^Cannot read .*FACEBOOK_TOKEN_1 \(EISDIR\)/ })
  t.throws(() => taken.saved(), { exitCode: 1, message: /^FACEBOOK_TOKEN_1 is set in the environment/ })
})

t.test('a variable is the whole token', async (t) => {
  for (const [writtenToken, variable] of [
    [`\${IG}`, 'IG'],
    [`x\${IG}`, null],
    [null, null],
  ] as const) {
    t.equal(variableOf({ index: 0, row: {}, writtenToken, token: null }), variable)
  }
  t.equal(variableOf(null), null)
})
