import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { completionsOf, HELP, obey } from './commands.js'
import { lookOn, rowOfFrame } from './live.js'
import { createPaper, type Paper } from './paper.js'
import { perform } from './perform.js'
import type { Step } from './play.js'
import { openPrompt } from './prompt.js'
import { BEYOND_DEFAULTS, type Stage } from './stage.js'

/** The demo from its first line to its exit code. */

export interface Demo {
  readonly play: readonly Step[]
  /** Ends after the scenes. */
  readonly isOnce: boolean
  readonly open: () => Promise<Stage>
  readonly input: Readable
  readonly output: Writable
  readonly isTerminal: boolean
  readonly isColoured: boolean
  /** The terminal's width in columns. */
  readonly width: number
  /** The pause between two steps. */
  readonly paceMs: number
  readonly stop: AbortSignal
}

interface Scene {
  readonly demo: Demo
  readonly stage: Stage
  readonly paper: Paper
  readonly say: (text: string) => void
  /** Resolves when the user stops it or the router has ended. */
  readonly over: Promise<unknown>
}

/** Settings of the demo's router that are off by default. */
const SETTINGS = `Beyond the defaults this demo sets ${Object.entries(BEYOND_DEFAULTS)
  .map(([name, value]) => (value.includes(' ') ? `${name}="${value}"` : `${name}=${value}`))
  .join(' ')}`

/** The answer of the pretend Dify after the scenes. */
const ANSWER = 'I am the pretend Dify. You said: {query}'

export async function runDemo(demo: Demo): Promise<number> {
  const { output, stop, isOnce } = demo
  const paper = createPaper(demo.isColoured, demo.width)
  let stage: Stage
  try {
    stage = await demo.open()
  } catch (error) {
    output.write(`${paper.problem(`The demo cannot start: ${(error as Error).message}`)}\n`)
    return 1
  }
  let isEnding = false
  const say = (text: string): void => {
    if (!isEnding) output.write(`${text}\n`)
  }
  let hasRouter = true
  const routerEnded = stage.ended.then(() => {
    hasRouter = false
  })
  const over = Promise.race([routerEnded, aborted(stop)])
  const scene = { demo, stage, paper, say, over }
  try {
    // Null when it was stopped early.
    const wrong = await Promise.race([playAll(scene), over.then(() => null)])
    if (wrong !== null && !isOnce) await stayUp(scene)
    if (!hasRouter) say(paper.problem('The router has ended by itself.'))
    const isDone = wrong === 0 || (wrong === null && !isOnce)
    return isDone && hasRouter ? 0 : 1
  } finally {
    isEnding = true
    await stage.close()
  }
}

/** Plays all scenes; returns the number of unexpected results. */
async function playAll({ demo, stage, paper, say }: Scene): Promise<number> {
  say(paper.title('The message router between a pretend Meta and a pretend Dify'))
  say(
    paper.note(
      'With each line stands what the router itself answers: who wrote it, and how it knows. ✓ so it must be.',
    ),
  )
  let wrong = 0
  for (const [index, step] of demo.play.entries()) {
    if (index > 0) await sleep(demo.paceMs)
    say(`\n${paper.title(`${index + 1}  ${step.title}`)}`)
    try {
      for await (const row of perform(step, stage)) {
        say(paper.row(row))
        if (row.isRight === false) wrong += 1
      }
    } catch (error) {
      say(paper.problem(`✗ ${(error as Error).message}`))
      wrong += 1
    }
  }
  const right = `\n✓ All ${demo.play.length} steps came out right.`
  say(wrong === 0 ? paper.title(right) : paper.problem(`\n✗ ${wrong} of the lines above are wrong.`))
  return wrong
}

async function stayUp({ demo, stage, paper, say, over }: Scene): Promise<void> {
  stage.answerWith(ANSWER)
  say(`\n${paper.plain(await addresses(stage))}\n\n${paper.plain(`${SETTINGS}\n\n${HELP}`)}\n`)
  const table = { players: stage, paper, say: (text: string) => prompt.say(text) }
  const prompt = openPrompt({
    ...demo,
    completionsOf,
    async onLine(line) {
      try {
        return await obey(line, table)
      } catch (error) {
        prompt.say(paper.problem((error as Error).message))
        return 'goes on'
      }
    },
  })
  const live = await lookOn(stage.origin, stage.token, (frame) => {
    const row = rowOfFrame(frame, stage.now())
    if (row !== null) prompt.say(paper.row(row))
  })
  await Promise.race([prompt.over, over])
  live.close()
  prompt.close()
}

async function addresses({ origin, token, consoleAddress, isServed }: Stage): Promise<string> {
  const lines = [
    'Open this in a browser to watch and to play, with a pretended phone; it logs in once:',
    await consoleAddress(),
    '',
    `The router stays up at ${origin}, and ends with this demo. Its API token: ${token}`,
    `curl -H 'Authorization: Bearer ${token}' \\`,
    `  ${origin}/api/conversations`,
  ]
  for (const [path, rest] of [
    ['/health/ready', ''],
    ['/openapi.json', ''],
    ['/metrics', ' (with the token)'],
  ] as const) {
    if (await isServed(path)) lines.push(`${origin}${path}${rest}`)
  }
  return lines.join('\n')
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}
