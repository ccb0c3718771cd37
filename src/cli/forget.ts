import { createInterface } from 'node:readline/promises'
import { EXIT, type Run, type Surroundings, Trouble, write } from './command.js'
import { idIn, type Router, routerOf } from './router.js'

export const run: Run = async ({ values, given }, world) => {
  const id = idIn(given[0]!)
  const router = routerOf(values, world)
  const path = `/api/conversations/${id}`
  const isKnown = await knows(router, path)
  if (!values.yes) await makeSure(id, world)
  // Requested even for an unknown customer: Dify may still hold conversations.
  await router.call('DELETE', path)
  if (values.json) write(world, JSON.stringify({ conversation_id: id, known: isKnown }))
  if (!isKnown) throw new Trouble(EXIT.failed, `Nothing was known of ${id}.`)
  if (!values.json) write(world, `${id} is forgotten.`)
  return 0
}

async function knows(router: Router, path: string): Promise<boolean> {
  const known = router.call('GET', path).then(() => true)
  return known.catch((error: unknown) => {
    if (error instanceof Trouble && error.message.endsWith('(not_found)')) return false
    throw error
  })
}

async function makeSure(id: string, { isTerminal, input, errors }: Surroundings): Promise<void> {
  if (!isTerminal) throw new Trouble(EXIT.usage, 'This cannot be undone: --yes says that you are sure.')
  const lines = createInterface({ input, output: errors, terminal: false })
  const answer = await lines.question(`Everything stored about ${id} will be erased for good. Type the id to confirm: `)
  lines.close()
  if (answer.trim() !== id) throw new Trouble(EXIT.failed, 'Nothing was forgotten.')
}
