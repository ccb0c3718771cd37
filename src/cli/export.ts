import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EXIT, type Run, Trouble } from './command.js'
import { idIn, reasonOf, routerOf } from './router.js'

/** Streamed to the output: a history may be larger than memory. */
export const run: Run = async ({ values, given }, world) => {
  const id = idIn(given[0]!)
  const { body } = await routerOf(values, world).open(`/api/conversations/${id}/export`)
  await pipeline(Readable.fromWeb(body as never), world.output, { end: false }).catch((error: Error): never => {
    throw new Trouble(EXIT.failed, `The export is not whole: the connection broke (${reasonOf(error)}).`)
  })
  world.output.write('\n')
  return 0
}
