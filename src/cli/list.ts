import type { ListedShape } from '../http/shapes.js'
import { printable } from '../terminal/text.js'
import { type Run, write } from './command.js'
import { routerOf } from './router.js'
import { contentOf, table } from './shown.js'

const LIMIT = 50
/** The API's largest page. */
const AT_ONCE = 500

interface Page {
  readonly conversations: readonly ListedShape[]
  readonly next_cursor: string | null
}

export const run: Run = async ({ values }, world) => {
  const router = routerOf(values, world)
  const { bot, page, state, waiting, dead, search: q, limit = LIMIT } = values
  const found: ListedShape[] = []
  let cursor: string | null = null
  do {
    const query = { bot, page, state, waiting, dead, q, cursor, limit: Math.min(AT_ONCE, limit - found.length) }
    const next: Page = await router.call('GET', '/api/conversations', { query })
    found.push(...next.conversations)
    cursor = next.next_cursor
  } while (cursor !== null && found.length < limit)

  if (values.json) write(world, JSON.stringify({ conversations: found, next_cursor: cursor }))
  else if (found.length === 0) write(world, 'No conversation matches.')
  else {
    write(world, table([NAMES, ...found.map(rowOf)], world.hasScreen ? world.width : Number.POSITIVE_INFINITY))
    if (cursor !== null) write(world, `There are more: --limit ${limit * 2} shows some of them.`)
  }
  return 0
}

const NAMES = ['ID', 'BOT', 'WAITING', 'STATE', 'LAST', 'CUSTOMER', 'SAID LAST']

function rowOf({ id, bot, waiting, state, last_message_at, customer, last_message }: ListedShape) {
  return [
    id,
    bot.enabled ? 'on' : 'paused',
    String(waiting),
    state,
    last_message_at ?? '',
    printable(customer.name ?? customer.username ?? ''),
    last_message === null ? '' : `${last_message.type}: ${contentOf(last_message)}`,
  ]
}
