import { randomUUID } from 'node:crypto'
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { reasonOf } from '../../config/environment.js'
import { EXIT, Trouble } from '../command.js'

/** Puts a whole new file in the place of one, so that nobody reads half of it. */
export function replaceFile(path: string, text: string, mode: number): void {
  const beside = `${path}.${randomUUID()}`
  try {
    // Nobody else can read it at any time: its mode is right from the beginning.
    writeFileSync(beside, text, { mode: 0o600, flag: 'wx', flush: true })
    chmodSync(beside, mode)
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw new Trouble(EXIT.failed, `Cannot write ${path} (${reasonOf(error)}).`)
  }
}
