import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { inProject } from './fixtures/project.js'

const PROGRAM = inProject('dist/cli.js')

t.test('whoever reads no further ends a command', async (t) => {
  const child = spawn(process.execPath, [PROGRAM, '--help'], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.destroy()
  t.same(await once(child, 'close'), [0, null])
})

t.test('what cannot be written fails it', async (t) => {
  const file = openSync(join(t.testdir({ 'read-only': '' }), 'read-only'), 'r')
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, '--help'], {
    stdio: ['ignore', file, 'pipe'],
    encoding: 'utf8',
  })
  closeSync(file)
  t.equal(status, 1)
  t.match(stderr, /^Cannot write: .*EBADF/)
})

t.test('a command that ends says how it went', async (t) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'lsit'], { encoding: 'utf8' })
  t.match({ status, stdout, stderr }, { status: 2, stdout: '', stderr: /did you mean list\?/ })
})
