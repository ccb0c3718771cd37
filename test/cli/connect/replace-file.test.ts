import { readdirSync, readFileSync, statSync } from 'node:fs'
import t from 'tap'
import { replaceFile } from '../../../src/cli/connect/replace-file.js'

t.test('a file is written as a whole, with its mode', async (t) => {
  const dir = t.testdir({ old: 'old' })
  replaceFile(`${dir}/old`, 'new', 0o640)
  t.equal(readFileSync(`${dir}/old`, 'utf8'), 'new')
  t.equal(statSync(`${dir}/old`).mode & 0o777, 0o640)
  replaceFile(`${dir}/secret`, 'hush', 0o600)
  t.equal(statSync(`${dir}/secret`).mode & 0o777, 0o600)
  t.same(readdirSync(dir).sort(), ['old', 'secret'])
})

t.test('a failure leaves nothing behind', async (t) => {
  const dir = t.testdir({ place: { file: '' } })
  t.throws(() => replaceFile(`${dir}/none/x`, '', 0o600), {
    exitCode: 1,
    message: /^Cannot write .*\/none\/x \(ENOENT\)/,
  })
  t.throws(() => replaceFile(`${dir}/place`, '', 0o600), { message: /Cannot write .*\/place \(\w+\)\.$/ })
  t.same(readdirSync(dir), ['place'])
})
