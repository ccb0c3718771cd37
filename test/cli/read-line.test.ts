import t from 'tap'
import { COMMANDS } from '../../src/cli/commands.js'
import { readLine } from '../../src/cli/read-line.js'

const read = (...args: string[]) => readLine(args, COMMANDS)

t.test('values are read by their kinds, arguments in their order', async (t) => {
  t.match(read('pause', '1-2', '--for', '2h', '--reason=-x'), {
    is: 'line',
    command: { name: 'pause' },
    line: { values: { for: 7_200_000, reason: '-x' }, given: ['1-2'] },
  })
  t.match(read('list', '--dead', '--limit=3', '--bot', 'PAUSED'), {
    line: { values: { dead: true, limit: 3, bot: 'paused' } },
  })
  t.match(read('send', '1-2', ' hi ', '--author', 'ai'), { line: { values: { author: 'AI' }, given: ['1-2', ' hi '] } })
  t.match(read('send', '1-2', '--', '-5'), { line: { given: ['1-2', '-5'] } })
  t.match(read('forget', '1-2', '-y'), { line: { values: { yes: true } } })
})

t.test('help is asked for in every way that people try', async (t) => {
  for (const args of [['--help'], ['-h'], ['help']]) t.same(readLine(args, COMMANDS), { is: 'help', command: null })
  for (const args of [
    ['help', 'show'],
    ['show', '--help'],
    ['show', '1', '2', '3', '-h'],
  ]) {
    t.match(readLine(args, COMMANDS), { is: 'help', command: { name: 'show' } })
  }
  t.same(read('--version'), { is: 'version' })
})

t.test('what is wrong is told with what there is', async (t) => {
  for (const [args, why] of [
    [[], 'Which command?'],
    [['lsit'], "Unknown command 'lsit': did you mean list?"],
    [['help', 'lsit'], "Unknown command 'lsit': did you mean list?"],
    [['demo', '--onec'], "Unknown option '--onec': did you mean --once?"],
    [['demo', '-x'], "Unknown option '-x': known are --once, --help"],
    [['demo', '--once', '--once'], '--once is given twice'],
    [['demo', '--once=no'], '--once takes no value'],
    [['list', '--page'], '--page wants a value: --page ID'],
    [['list', '--page', '--dead'], '--page wants a value: --page ID (or --page=--dead, if that is the value)'],
    [['list', '--page', 'abc'], '--page must be an id of 1 to 32 digits, not "abc"'],
    [['list', '--state', 'opne'], '--state is open or closed, not "opne": did you mean open?'],
    [['list', '--state', 'shut'], /^--state is open or closed, not "shut"$/],
    [['list', '--limit', '0'], '--limit must be a whole number from 1 to 100000, not "0"'],
    [
      ['pause', '1-2', '--for', 'soon'],
      '--for must be a duration such as 500ms, 3s, 10m, 6h, 30d, 0 or forever, not "soon"',
    ],
    [['send-webhook', '--share', 'notaurl'], '--share must be a URL that begins with https:// or http://'],
    [['send', '1-2'], 'send wants TEXT'],
    [['send'], 'send wants ID and TEXT'],
    [['send', '1-2', 'a', 'b'], 'send does not know what to do with "b": a text of several words stands in quotes'],
    [['demo', 'x'], 'demo does not know what to do with "x"'],
    [['completion', 'powershell'], /^SHELL is bash or zsh, not "powershell"$/],
    [['completion', 'fish'], 'SHELL is bash or zsh, not "fish": did you mean bash?'],
  ] as const) {
    t.match(readLine(args, COMMANDS), { is: 'wrong', why }, args.join(' '))
  }
})
