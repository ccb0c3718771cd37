import { hintFor } from '../config/nearest.js'
import { rowOfMessage } from './live.js'
import type { Paper } from './paper.js'
import type { Stage } from './stage.js'
import { botInWords } from './words.js'

/** The commands of the demo's prompt. */

export type Players = Pick<
  Stage,
  'customer' | 'share' | 'person' | 'workflow' | 'setBot' | 'bot' | 'messages' | 'now' | 'consoleAddress'
>

export interface Table {
  readonly players: Players
  readonly paper: Paper
  readonly say: (text: string) => void
}

interface DemoCommand {
  /** The form of its argument; none when it takes no argument. */
  readonly wants?: string
  readonly words?: readonly string[]
  readonly meaning: string
  /** The problem with its argument; null when it is valid. */
  readonly fault?: (rest: string) => string | null
  readonly act: (rest: string, table: Table) => Promise<'goes on' | 'quit'>
}

const goesOn = async (work: Promise<unknown>): Promise<'goes on'> => {
  await work
  return 'goes on'
}

const COMMANDS: Readonly<Record<string, DemoCommand>> = {
  human: {
    wants: 'TEXT',
    meaning: 'a person, in the Instagram app',
    act: (text, { players }) => goesOn(players.person(text)),
  },
  share: {
    wants: 'URL',
    meaning: 'the customer shares a post',
    fault: (url) => (/^https?:\/\//i.test(url) && URL.canParse(url) ? null : 'a URL that begins with https://'),
    act: (url, { players }) => goesOn(players.share(url)),
  },
  workflow: {
    wants: 'TEXT',
    meaning: 'a workflow, with the bot flag',
    act: (text, { players }) => goesOn(players.workflow(text)),
  },
  bot: {
    wants: 'off|on',
    words: ['off', 'on'],
    meaning: 'pause the bot, hand back to it',
    fault: (word) => (word === 'on' || word === 'off' ? null : 'on or off'),
    act: (word, { players }) => goesOn(players.setBot(word === 'on')),
  },
  show: {
    meaning: 'the conversation by the API',
    async act(_, { players, paper, say }) {
      for (const message of await players.messages()) say(paper.row(rowOfMessage(message)))
      const now = botInWords(await players.bot(), players.now())
      say(paper.row({ who: 'router', text: '', decision: now }))
      return 'goes on'
    },
  },
  console: {
    meaning: 'another address of the console',
    async act(_, { players, paper, say }) {
      say(paper.plain(await players.consoleAddress()))
      return 'goes on'
    },
  },
  help: {
    meaning: 'this',
    async act(_, { paper, say }) {
      say(paper.plain(HELP))
      return 'goes on'
    },
  },
  quit: { meaning: 'ends it, as Ctrl-C does', act: async () => 'quit' },
}

const usageOf = (name: string, { wants }: DemoCommand): string => `/${name}${wants === undefined ? '' : ` ${wants}`}`

const helpLine = (usage: string, meaning: string): string => `  ${usage.padEnd(14)} ${meaning}`

export const HELP = [
  helpLine('TEXT', 'the customer writes'),
  ...Object.entries(COMMANDS).map(([name, command]) => helpLine(usageOf(name, command), command.meaning)),
  '',
  '“human” from the customer asks for a person, “🤖” from a person hands back to the bot. Tab completes a command.',
].join('\n')

/** Carries out a command; its result is shown by the live events. */
export async function obey(line: string, table: Table): Promise<'goes on' | 'quit'> {
  const [, name, rest = ''] = /^(?:\/(\S*)\s*)?(.*)$/s.exec(line.trim())!
  if (name === undefined) return rest === '' ? 'goes on' : goesOn(table.players.customer(rest))
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]! : null
  const wrong = command === null ? unknown(name) : faultOf(name, command, rest)
  if (command !== null && wrong === null) return command.act(rest, table)
  table.say(table.paper.problem(`${wrong} (/help names all commands)`))
  return 'goes on'
}

function unknown(name: string): string {
  const names = Object.keys(COMMANDS)
  return `There is no command /${name}: ${hintFor(name, names).replace(/(?<=(mean|are|,) )/g, '/')}`
}

function faultOf(name: string, { wants, fault }: DemoCommand, rest: string): string | null {
  if (wants === undefined) return rest === '' ? null : `/${name} stands alone`
  if (rest === '') return `/${name} wants more: /${name} ${wants}`
  const what = fault?.(rest) ?? null
  return what === null ? null : `/${name} wants ${what}`
}

/** The completions of a partly typed line. */
export function completionsOf(line: string): readonly string[] {
  const [, name, word] = /^\/(\S*)(?:\s+(\S*))?$/.exec(line) ?? []
  if (name === undefined) return []
  if (word !== undefined) {
    const words = Object.hasOwn(COMMANDS, name) ? (COMMANDS[name]!.words ?? []) : []
    return words.filter((each) => each.startsWith(word)).map((each) => `/${name} ${each}`)
  }
  return Object.entries(COMMANDS)
    .filter(([each]) => each.startsWith(name))
    .map(([each, { wants }]) => (wants === undefined ? `/${each}` : `/${each} `))
}
