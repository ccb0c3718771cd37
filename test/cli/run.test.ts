import { Writable } from 'node:stream'
import t from 'tap'
import { COMMANDS } from '../../src/cli/commands.js'
import { listeningApp, ran } from '../fixtures/command.js'

const NOBODY = 'http://127.0.0.1:9'
const TOKEN = { MESSAGE_ROUTER_TOKEN: 'some-token' }

/** Arguments that are good in their form. */
const argumentsOf = (name: string): readonly string[] =>
  COMMANDS.find((command) => command.name === name)!.takes.flatMap(({ name, isOptional, words }) =>
    isOptional ? [] : [words?.[0] ?? (name === 'ID' ? '1-2' : 'x')],
  )
const online = COMMANDS.filter(({ isOnline }) => isOnline).map(({ name }) => name)

t.test('each says how it is used, and that with everything else wrong', async (t) => {
  for (const { name, options } of COMMANDS) {
    for (const args of [
      [name, '--help'],
      [name, '-h'],
      ...(options.includes('json') ? [[name, '--json', '--help']] : []),
    ]) {
      const { code, out, err } = await ran(args)
      t.match({ code, err }, { code: 0, err: '' }, args.join(' '))
      t.match(out, new RegExp(`^Usage: message-router ${name}[ A-Z|a-z[\\]]* \\[OPTIONS\\]\n`))
      for (const option of options) t.match(out, `--${option}`)
      t.match(out, /Exit codes: 0 done; 1 /)
      t.ok(out.split('\n').every((line) => line.startsWith('  message-router') || line.length <= 100))
    }
  }
})

t.test('each tells of an option that it does not have, of a missing value, and of too many words', async (t) => {
  for (const { name } of COMMANDS) {
    const words = argumentsOf(name)
    t.match(await ran([name, ...words, '--nonsense']), {
      code: 2,
      out: '',
      err: new RegExp(
        `^Unknown option '--nonsense': .*--help[\\s\\S]*Usage: message-router ${name}[\\s\\S]*message-router ${name} --help says more`,
      ),
    })
    t.match(await ran([name, ...words, 'a', 'b', 'c']), { code: 2, err: /does not know what to do with "[abc]"/ })
    if (words.length > 0) t.match(await ran([name]), { code: 2, err: new RegExp(`^${name} wants `) })
  }
})

t.test('each that needs a router says that there is none, and where it looked', async (t) => {
  for (const name of online) {
    const args = [name, ...argumentsOf(name)]
    const nobody = /^No router answers at http:\/\/127.0.0.1:9 \(.+\): is it running\? --url/
    t.match(await ran([...args, '--url', NOBODY], { env: TOKEN }), { code: 3, out: '', err: nobody }, name)
    t.match(await ran(args, { env: { ...TOKEN, MESSAGE_ROUTER_URL: NOBODY } }), { code: 3, err: nobody }, name)
  }
})

t.test('each that needs a token says that there is none, or that it is not taken', async (t) => {
  const { url, env } = await listeningApp(t)
  for (const name of online) {
    const args = [name, ...argumentsOf(name), '--url', url]
    t.match(await ran(args), { code: 4, out: '', err: /^There is no token: give one with --token/ }, name)
    const refused = await ran([...args, '--token', 'wrong'], { env })
    t.match(refused, { code: 4, out: '', err: /does not take this token \(unauthorized\).*API_TOKENS/ }, name)
    t.notMatch(refused.err, 'wrong')
  }
})

t.test('nothing that a user does wrong shows a stack', async (t) => {
  for (const args of [[], ['lsit'], ['list', '--bot=of'], ['show', 'x'], ['list', '--limit'], ['completion', 'fish']]) {
    const { code, err } = await ran(args, { env: TOKEN })
    t.equal(code, 2, args.join(' '))
    t.notMatch(err, /\n +at /)
  }
  await t.rejects(
    ran(['check', '--offline'], {
      output: new Writable({
        write() {
          throw new TypeError('a fault of ours')
        },
      }),
    }),
    TypeError,
    'a fault of ours does',
  )
})

t.test('it tells all commands, and its version', async (t) => {
  const { code, out } = await ran(['--help'])
  t.equal(code, 0)
  for (const { name, summary } of COMMANDS) {
    t.match(out, name)
    t.match(out.replace(/\s+/g, ' '), summary)
  }
  t.same(await ran(['--version']), { code: 0, out: '1.2.3\n', err: '' })
})
