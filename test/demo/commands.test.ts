import t from 'tap'
import { HELP, obey } from '../../src/demo/commands.js'
import { createPaper } from '../../src/demo/paper.js'
import { pretendStage } from '../fixtures/demo.js'

async function typed(line: string) {
  const players = pretendStage()
  const said: string[] = []
  const end = await obey(line, { players, paper: createPaper(false), say: (text) => said.push(text) })
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
  t.match(await typed('/quit'), { end: 'quit' })
})

t.test('an unknown command prints the help', async (t) => {
  for (const line of ['/help', '/', '/bot', '/human', '/share', '/workflow', '/nonsense x']) {
    t.same(await typed(line), { done: [], said: [HELP], end: 'goes on' }, line)
  }
})
