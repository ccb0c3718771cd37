import { RouterError } from '../engine/ports.js'
import { EXIT, type Outcome, type Surroundings, Trouble, write } from './command.js'
import { COMMANDS } from './commands.js'
import { helpOf, helpOfAll, moreOn, usageOf } from './help.js'
import { readLine } from './read-line.js'

/** Runs a command from its command line to its exit code. */
export async function runCommand(args: readonly string[], world: Surroundings): Promise<Outcome> {
  const read = readLine(args, COMMANDS)
  switch (read.is) {
    case 'version':
      write(world, world.version)
      return EXIT.done
    case 'help':
      write(world, read.command === null ? helpOfAll(COMMANDS, world.width) : helpOf(read.command, world.width))
      return EXIT.done
    case 'wrong': {
      const { command, why } = read
      const usage = command === null ? '' : `${usageOf(command)}\n`
      world.errors.write(`${why}\n\n${usage}${moreOn(command)}\n`)
      return EXIT.usage
    }
    case 'line':
      break
  }
  try {
    const run = await read.command.load()
    return await run(read.line, world)
  } catch (error) {
    if (error instanceof RouterError) {
      world.errors.write(`${error.message}\n`)
      return EXIT.failed
    }
    if (!(error instanceof Trouble)) throw error
    const more = error.exitCode === EXIT.usage ? `\n${moreOn(read.command)}\n` : ''
    world.errors.write(`${error.message}\n${more}`)
    return error.exitCode
  }
}
