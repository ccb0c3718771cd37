import { createLookup } from '../config/environment.js'
import { createReport } from '../config/report.js'
import { EXIT, type Surroundings, Trouble } from './command.js'

/** Defaults of a command's options, from the environment: the router's own settings. */

/** The value of a setting or the content of its `NAME_FILE`; null without either. */
export function settingIn({ env, readFile }: Pick<Surroundings, 'env' | 'readFile'>, name: string): string | null {
  const report = createReport()
  const found = createLookup(env, readFile, report)(name, true)
  if (found.is === 'broken') throw new Trouble(EXIT.usage, report.problems.join('\n'))
  return found.is === 'given' ? found.text : null
}

/** The first of a list; null for an empty one. */
export function firstIn(world: Pick<Surroundings, 'env' | 'readFile'>, name: string): string | null {
  return listIn(world, name)[0] ?? null
}

export function listIn(world: Pick<Surroundings, 'env' | 'readFile'>, name: string): readonly string[] {
  const entries = (settingIn(world, name) ?? '').split(/[,\n]/).map((entry) => entry.trim())
  return entries.filter((entry) => entry !== '')
}

/** The local URL of a router with these settings. */
export function localAddress({ env }: Pick<Surroundings, 'env'>): string {
  const host = env['HOST']?.trim() || '0.0.0.0'
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${env['PORT']?.trim() || '3000'}`
}
