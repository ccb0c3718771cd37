import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { inProject } from '../fixtures/project.js'

t.test('a process ends with the one that started it, or by itself when it has nothing left to do', async (t) => {
  const tethered = (code: string) =>
    spawn(process.execPath, ['--import', inProject('dist/demo/tether.js'), '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
  const busy = tethered('process.on("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1e3); console.log(1)')
  await once(busy.stdout!, 'data')
  busy.disconnect()
  t.match(await once(busy, 'exit'), [7])
  t.match(await once(tethered(''), 'exit'), [0])
})
