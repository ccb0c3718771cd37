import t from 'tap'
import { COMMANDS } from '../../src/cli/commands.js'
import { readLine } from '../../src/cli/read-line.js'
import { readProjectFile } from '../fixtures/project.js'

t.test('every example is a command line that is understood', async (t) => {
  for (const { name, examples } of COMMANDS) {
    t.ok(examples.length > 0, name)
    for (const example of examples) {
      const words = [...example.replace(/ > .*/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
        ([, quoted, bare]) => quoted ?? bare!,
      )
      t.match(readLine(words, COMMANDS), { is: 'line', command: { name } }, example)
    }
  }
})

t.test('the npm scripts of a checkout are these commands', async (t) => {
  const { scripts, bin } = JSON.parse(readProjectFile('package.json'))
  t.same(bin, { 'message-router': 'dist/cli.js' })
  for (const { script, name } of COMMANDS) {
    if (script !== undefined)
      t.match(
        scripts[script],
        new RegExp(`^node scripts/prepare.mjs modules build && (exec )?node dist/cli.js ${name}$`),
      )
  }
  t.match(scripts['check-config'], /node dist\/cli.js check --offline$/)
})

t.test('each of them is there', async (t) => {
  for (const { name, load } of COMMANDS) t.type(await load(), 'function', name)
})
