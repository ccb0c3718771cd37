import { createLookup } from '../config/environment.js'
import { createReport } from '../config/report.js'
import { EXIT, Trouble, type World } from './command.js'

/** What a command takes from the environment when its options do not say: the settings that the router has. */

/** The value of a setting, or what its `NAME_FILE` holds; null where there is neither. */
export function settingIn({ env, readFile }: Pick<World, 'env' | 'readFile'>, name: string): string | null {
  const report = createReport()
  const found = createLookup(env, readFile, report)(name, true)
  if (found.is === 'broken') throw new Trouble(EXIT.usage, report.problems.join('\n'))
  return found.is === 'given' ? found.text : null
}

/** The first of a list, null where there is none. */
export function firstIn(world: Pick<World, 'env' | 'readFile'>, name: string): string | null {
  const entries = (settingIn(world, name) ?? '').split(/[,\n]/).map((entry) => entry.trim())
  return entries.find((entry) => entry !== '') ?? null
}

/** Where a router with these settings is reached from the same machine. */
export function localAddress({ env }: Pick<World, 'env'>): string {
  const host = env['HOST']?.trim() || '0.0.0.0'
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${env['PORT']?.trim() || '3000'}`
}
