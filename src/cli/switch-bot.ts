import type { ConversationShape } from '../http/shapes.js'
import { type Line, type Outcome, type Surroundings, write } from './command.js'
import { idIn, routerOf } from './router.js'
import { botInWords } from './shown.js'

interface Order {
  readonly enabled: boolean
  readonly for?: string
  readonly reason?: string
}

/** Prints the resulting state, as the router returns it. */
export async function switchBot({ values, given }: Line, world: Surroundings, order: Order): Promise<Outcome> {
  const id = idIn(given[0]!)
  const router = routerOf(values, world)
  const now = await router.call<ConversationShape>('PUT', `/api/conversations/${id}/bot`, { body: order })
  write(world, values.json ? JSON.stringify(now) : `${id}: ${botInWords(now.bot)}`)
  return 0
}
