import { rowOfMessage } from './live.js'
import type { Paper } from './paper.js'
import type { Stage } from './stage.js'
import { botInWords } from './words.js'

/** What can be typed once the play is over. */

export const HELP = `  text            the customer writes        /human text      a person, in the Instagram app
  /share URL      the customer shares        /workflow text   a workflow, with the bot flag
  /bot off|on     pause, hand back           /show            the conversation as the API has it
  /help           this                       /quit            ends it (as Ctrl-C does)
  “human” from the customer asks for a person; “🤖” from a person hands back to the bot.`

export type Players = Pick<Stage, 'customer' | 'share' | 'person' | 'workflow' | 'setBot' | 'bot' | 'messages' | 'now'>

export interface Table {
  readonly players: Players
  readonly paper: Paper
  readonly say: (text: string) => void
}

/** What comes of it, the live events tell. */
export async function obey(line: string, { players, paper, say }: Table): Promise<'goes on' | 'quit'> {
  const [, command, rest = ''] = /^(?:\/(\w*)\s*)?(.*)$/s.exec(line.trim())!
  if (command === undefined) {
    if (rest !== '') await players.customer(rest)
    return 'goes on'
  }
  if (command === 'quit') return 'quit'
  if (command === 'show') {
    for (const message of await players.messages()) say(paper.row(rowOfMessage(message)))
    const now = botInWords(await players.bot(), players.now())
    say(paper.row({ who: 'router', text: '', decision: now }))
  } else if (command === 'bot' && (rest === 'on' || rest === 'off')) await players.setBot(rest === 'on')
  else if (command === 'human' && rest !== '') await players.person(rest)
  else if (command === 'share' && rest !== '') await players.share(rest)
  else if (command === 'workflow' && rest !== '') await players.workflow(rest)
  else say(HELP)
  return 'goes on'
}
