import { resolve } from 'node:path'
import { backup } from '../store/sqlite/backup.js'
import { EXIT, type Run, Trouble, write } from './command.js'

export const run: Run = async ({ values, given }, world) => {
  const target = given[0]!
  const directory = world.env['DATA_DIR']?.trim()
  if (!directory) {
    throw new Trouble(EXIT.usage, 'DATA_DIR is required: the directory of the router whose store is to be copied.')
  }
  const bytes = await backup(directory, target)
  write(world, values.json ? JSON.stringify({ file: resolve(target), bytes }) : `${target}: ${bytes} bytes`)
  return 0
}
