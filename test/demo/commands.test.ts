import t from 'tap'
import { completionsOf, HELP, obey } from '../../src/demo/commands.js'
import { createPaper } from '../../src/demo/paper.js'
import { pretendStage } from '../fixtures/demo.js'

async function typed(line: string) {
  const players = pretendStage()
  const said: string[] = []
  const end = await obey(line, { players, paper: createPaper(false, 100), say: (text) => said.push(text) })
  return { done: players.done, said, end }
}

t.test('a typed command is carried out', async (t) => {
  for (const [line, done] of [
    ['hi there', ['customer hi there']],
    ['  ', []],
    ['/human 🤖', ['person 🤖']],
    ['/share https://x.y', ['share https://x.y']],
    ['/workflow news', ['workflow news']],
    ['/bot on', ['bot true']],
    ['/bot off', ['bot false']],
  ] as const) {
    t.same(await typed(line), { done, said: [], end: 'goes on' }, line)
  }
  t.match(await typed('/show'), { said: [/customer {2}hi/, /the bot is on/] })
  t.match(await typed('/console'), { said: ['http://127.0.0.1:1/console#login=code'], end: 'goes on' })
  t.match(await typed('/quit'), { end: 'quit' })
})

t.test('help names every command, in lines that fit anywhere', async (t) => {
  const { said } = await typed('/help')
  t.equal(said.length, 1)
  const commands = HELP.split('\n\n')[0]!.split('\n')
  t.ok(commands.every((line) => line.length <= 50 && said[0]!.includes(line)))
  for (const name of ['human TEXT', 'share URL', 'workflow TEXT', 'bot off|on', 'show', 'console', 'help', 'quit']) {
    t.match(said[0], `/${name}`)
  }
})

t.test('what nobody understands is said, and does nothing', async (t) => {
  for (const [line, words] of [
    ['/', 'There is no command /: known are /human, /share, '],
    ['/foo', 'There is no command /foo: known are /human, /share, /workflow, /bot, /show, /console, /help, /quit'],
    ['/humna hi', 'There is no command /humna: did you mean /human?'],
    ['/bot', '/bot wants more: /bot off|on'],
    ['/bot maybe', '/bot wants on or off'],
    ['/human', '/human wants more: /human TEXT'],
    ['/share', '/share wants more: /share URL'],
    ['/share notaurl', '/share wants a URL that begins with https://'],
    ['/share https://', '/share wants a URL'],
    ['/workflow', '/workflow wants more'],
    ['/show all', '/show stands alone'],
  ] as const) {
    const { done, said, end } = await typed(line)
    t.match({ done, end }, { done: [], end: 'goes on' }, line)
    t.match(said.join('\n').replaceAll('\n', ' '), words)
    t.match(said.join('\n').replaceAll('\n', ' '), '(/help names all commands)')
  }
})

t.test('Tab completes commands, and their words', async (t) => {
  t.same(completionsOf('/h'), ['/human ', '/help'])
  t.same(completionsOf('/bot o'), ['/bot off', '/bot on'])
  t.same(completionsOf('/bot of'), ['/bot off'])
  for (const line of ['hello', '/human te', '/nonsense o', '/x', '/bot on and']) t.same(completionsOf(line), [], line)
  t.equal(completionsOf('/').length, 8)
})
