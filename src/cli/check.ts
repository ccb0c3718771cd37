import { describeResult } from '../config/describe.js'
import { type Config, readConfig } from '../config.js'
import type { Channel } from '../conversation/channel.js'
import { unreachable } from '../conversation/text/unreachable.js'
import { type AppProbe, createAppProber } from '../dify/probe.js'
import type { ProbeOutcome } from '../engine/providers.js'
import { isInstagramLogin } from '../engine/tokens/instagram-login.js'
import { createProber } from '../meta/probe.js'
import { printable } from '../terminal/text.js'
import { EXIT, type Run, write } from './command.js'

/** The result of trying out one of the settings. */
interface Trial {
  readonly what: string
  readonly isGood: boolean
  readonly words: string
}

export const run: Run = async ({ values }, world) => {
  const result = readConfig(world.env, world.readFile)
  const trials = result.is === 'bad' || values.offline ? [] : await tryAll(result.config)
  const isGood = result.is === 'ok' && trials.every((trial) => trial.isGood)
  if (values.json) {
    const problems = result.is === 'bad' ? result.problems : []
    const tried = trials.map(({ what, isGood: ok, words }) => ({ what, ok, words }))
    write(world, JSON.stringify({ ok: isGood, problems, warnings: result.warnings, tried }))
  } else {
    world.output.write(describeResult(result))
    if (trials.length > 0) write(world, `\n${trials.map(lineOf).join('\n')}`)
  }
  return isGood ? EXIT.done : EXIT.failed
}

const lineOf = ({ what, isGood, words }: Trial): string => `${isGood ? '✓' : '✗'} ${what}: ${words}`

async function tryAll({ store, channels }: Config): Promise<readonly Trial[]> {
  const prober = createProber()
  const appProber = createAppProber()
  const trials = await Promise.all([
    ...(store.is === 'redis' ? [tryStore(store.url)] : []),
    ...[...channels.values()].flatMap((channel) => [
      ...(channel.token === null ? [] : [prober.probe(channel.graphUrl, channel.token).then(tokenTrial(channel))]),
      ...(channel.assistant === null ? [] : [appProber.probe(channel.assistant).then(difyTrial(channel))]),
    ]),
  ])
  await Promise.all([prober.close(), appProber.close()])
  return trials
}

async function tryStore(url: string): Promise<Trial> {
  const { tryRedis } = await import('../store/redis/try-redis.js')
  const tried = await tryRedis(url)
  if (tried.is === 'fails') return { what: 'Redis', isGood: false, words: `does not answer (${tried.reason})` }
  const words = [`answers, version ${tried.version}`, ...tried.warnings].join('; ')
  return { what: 'Redis', isGood: tried.warnings.length === 0, words }
}

function tokenTrial(channel: Channel): (outcome: ProbeOutcome) => Trial {
  const { id, graphUrl } = channel
  return (outcome) => {
    const what = `channel ${id}, token`
    if (outcome.is === 'works') return { what, isGood: true, words: 'works' }
    const code = printable(outcome.code)
    const hint = isInstagramLogin(channel) ? '; the router goes on with a refreshed one, if it has any' : ''
    const words =
      outcome.is === 'refused' ? `Meta refuses it (${code})${hint}` : `nobody knows: ${graphUrl} answers ${code}`
    return { what, isGood: false, words }
  }
}

function difyTrial({ id, assistant }: Channel): (probe: AppProbe) => Trial {
  return (probe) => {
    const { url, app } = assistant!
    return { what: `channel ${id}, Dify`, isGood: probe.is === 'works', words: wordsOf(probe, url, app) }
  }
}

export function wordsOf(probe: AppProbe, url: string, app: string): string {
  switch (probe.is) {
    case 'works':
      return 'answers, and knows the key'
    case 'other_app':
      return `the key is that of an app of the kind ${printable(probe.mode)}, but the settings say ${app}`
    case 'refused':
      return `refuses the key (${printable(probe.code)})`
    case 'unknown':
      return `nobody knows: ${url} answers ${printable(probe.code)}`
    default:
      return unreachable(probe)
  }
}
