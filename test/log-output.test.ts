import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createLogOutput } from '../src/log-output.js'

const FD = 7
const LONG = 'x'.repeat(30_000)

/** A file descriptor that takes what it is given as `take` says. */
function written(take: (bytes: Buffer) => number = (bytes) => bytes.length) {
  const writes: string[] = []
  const output = createLogOutput(FD, (fd, bytes, offset, length) => {
    t.equal(fd, FD)
    const taken = take(bytes.subarray(offset, offset + length))
    writes.push(bytes.toString('utf8', offset, offset + taken))
    return taken
  })
  return { output, writes }
}

t.test('the lines of one turn are written in one piece at its end', async (t) => {
  const { output, writes } = written()
  output.write('one\n')
  output.write('🤖 zwei\n')
  t.strictSame(writes, [])
  await turn()
  t.strictSame(writes, ['one\n🤖 zwei\n'])
  output.write('three\n')
  await turn()
  t.strictSame(writes, ['one\n🤖 zwei\n', 'three\n'])
})

t.test('lines above the buffer’s size are written before the end of the turn', async (t) => {
  const { output, writes } = written()
  output.write(`${LONG.slice(0, 15_000)}\n`)
  output.write(`${LONG.slice(0, 15_000)}\n`)
  output.write(`${LONG.slice(0, 15_000)}\n`)
  t.equal(writes.length, 1)
  await turn()
  t.equal(writes.join(''), `${LONG.slice(0, 15_000)}\n`.repeat(3))
})

t.test('a line longer than all the room is written by itself, after those before it', async (t) => {
  const { output, writes } = written()
  output.write('before\n')
  output.write(`${LONG}\n`)
  t.strictSame(writes, ['before\n', `${LONG}\n`])
})

t.test('a line in two pieces stays one line, however little room is left', async (t) => {
  const { output, writes } = written()
  output.write('first ', 'line\n')
  output.write(LONG.slice(0, 15_000), '🤖\n')
  output.write(LONG.slice(0, 20_000), '🤖\n')
  t.strictSame(writes, [`first line\n${LONG.slice(0, 15_000)}🤖\n`])
  output.write('before\n')
  output.write(LONG, '🤖\n')
  t.strictSame(writes.slice(1), [`${LONG.slice(0, 20_000)}🤖\nbefore\n`, `${LONG}🤖\n`])
})

t.test('a line that a reader takes in parts arrives whole', async (t) => {
  const { output, writes } = written((bytes) => Math.min(4, bytes.length))
  output.write('a longer line\n')
  output.flush()
  t.equal(writes.join(''), 'a longer line\n')
})

t.test(
  'a reader that is busy for a moment loses nothing, one that has gone costs no more than the lines',
  async (t) => {
    let isBusy = true
    const { output, writes } = written((bytes) => {
      if (isBusy) {
        isBusy = false
        throw Object.assign(new Error('busy'), { code: 'EAGAIN' })
      }
      return bytes.length
    })
    output.write('kept\n')
    output.flush()
    t.strictSame(writes, ['kept\n'])

    const gone = written(() => {
      throw Object.assign(new Error('gone'), { code: 'EPIPE' })
    })
    gone.output.write('lost\n')
    gone.output.flush()
    t.strictSame(gone.writes, [])
  },
)

t.test('log lines can be written to a file', async (t: Test) => {
  const file = join(mkdtempSync(join(tmpdir(), 'log-output-')), 'log')
  const fd = openSync(file, 'w')
  const output = createLogOutput(fd)
  output.write('to a file\n')
  output.flush()
  closeSync(fd)
  t.equal(readFileSync(file, 'utf8'), 'to a file\n')
})

t.test('a reader that hangs does not hold the loop, and gets its lines once it reads again', async (t) => {
  let isHanging = true
  const { output, writes } = written((bytes) => {
    if (isHanging) throw Object.assign(new Error('busy'), { code: 'EAGAIN' })
    return Math.min(5_000, bytes.length)
  })
  output.write('one\n')
  await turn()
  const startedAt = performance.now()
  output.write('two\n')
  output.write(`${LONG}\n`)
  t.ok(performance.now() - startedAt < 500, 'nobody waits')
  isHanging = false
  const expected = `one\ntwo\n${LONG}\nthree\n`
  output.write('three\n')
  while (writes.join('').length < expected.length) await sleep(5)
  t.equal(writes.join(''), expected)
})

t.test('a reader that takes nothing for long loses lines, and is told how many', async (t) => {
  let isHanging = true
  const { output, writes } = written((bytes) => {
    if (isHanging) throw Object.assign(new Error('busy'), { code: 'EAGAIN' })
    return bytes.length
  })
  // 4 MiB are kept.
  for (let i = 0; i < 200; i++) output.write(`${LONG}\n`)
  isHanging = false
  output.flush()
  const lines = writes.join('').split('\n')
  const { level, lines: lost, msg } = JSON.parse(lines.at(-2)!)
  t.same({ level, msg }, { level: 40, msg: 'log lines were lost: their reader took none for too long' })
  t.equal(lines.length - 2 + lost, 200)
  t.ok(lost > 50)
})

t.test('at the end a reader that hangs is waited for, a second at the most', async (t) => {
  let tries = 0
  const { output } = written(() => {
    tries += 1
    throw Object.assign(new Error('busy'), { code: 'EAGAIN' })
  })
  output.write('lost\n')
  output.flush()
  t.equal(tries, 202)
})
