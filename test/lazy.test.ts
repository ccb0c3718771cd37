import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lazy } from '../src/lazy.js'

t.test('a package is loaded at its first use, once', async (t) => {
  const file = join(t.testdir(), 'lazy.cjs')
  writeFileSync(file, 'throw new Error("too early")')
  const load = lazy<object>(file)
  writeFileSync(file, 'module.exports = { is: "loaded" }')
  t.strictSame(load(), { is: 'loaded' })
  t.equal(load(), load())
})

t.test('a package that is not installed is missed at once', async (t) => {
  t.throws(() => lazy('no-such-package'), { code: 'MODULE_NOT_FOUND' })
})
