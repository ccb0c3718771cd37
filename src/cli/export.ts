import { once } from 'node:events'
import { EXIT, type Run, Trouble } from './command.js'
import { idIn, reasonOf, routerOf } from './router.js'

/** Streamed to the output: a history may be larger than memory. */
export const run: Run = async ({ values, given }, { output, ...world }) => {
  const id = idIn(given[0]!)
  const response = await routerOf(values, { output, ...world }).open(`/api/conversations/${id}/export`)
  try {
    for await (const piece of response.body!) {
      if (!output.write(piece)) await once(output, 'drain')
    }
  } catch (error) {
    throw new Trouble(EXIT.failed, `The export is not whole: the connection broke (${reasonOf(error as Error)}).`)
  }
  output.write('\n')
  return 0
}
