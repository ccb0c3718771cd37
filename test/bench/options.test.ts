import t from 'tap'
// @ts-expect-error a plain script without types
import { HELP, NAMES, optionsOf } from '../../bench/options.mjs'

t.test('what the command line asks for', async (t) => {
  const plain = { is: 'run', isFull: false, only: NAMES, against: null }
  for (const [line, options] of [
    ['', plain],
    ['--full', { ...plain, isFull: true }],
    ['--only start,memory', { ...plain, only: ['start', 'memory'] }],
    ['--against ../other/dist/main.js --full', { ...plain, isFull: true, against: '../other/dist/main.js' }],
    ['--help', { is: 'help', code: 0 }],
    ['-h', { is: 'help', code: 0 }],
    ['--only', { is: 'help', code: 2 }],
    ['--only nothing', { is: 'help', code: 2 }],
    ['--against', { is: 'help', code: 2 }],
    ['more', { is: 'help', code: 2 }],
  ] as const) {
    t.same(optionsOf(line === '' ? [] : line.split(' ')), options, line)
  }
  for (const name of NAMES) t.match(HELP, name)
})
