import t from 'tap'
import { EXIT, Trouble, untilStopped } from '../../src/cli/command.js'
import { pretendWorld } from '../fixtures/command.js'

t.test('any of the signals that end a process ends a command', async (t) => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    const { world, signal } = pretendWorld()
    const stop = untilStopped(world)
    t.notOk(stop.aborted)
    signal(name)
    t.ok(stop.aborted, name)
  }
})

t.test('trouble has words and an exit code', async (t) => {
  t.match(new Trouble(EXIT.noRouter, 'nobody there'), { message: 'nobody there', exitCode: 3 })
})
