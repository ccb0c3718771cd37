import type { ConversationShape, MessageShape } from '../http/shapes.js'
import { printable, wrapped } from '../terminal/text.js'
import { type Run, write } from './command.js'
import { idIn, routerOf } from './router.js'
import { botInWords, messageLine } from './shown.js'

const LIMIT = 20

export const run: Run = async ({ values, given }, world) => {
  const id = idIn(given[0]!)
  const router = routerOf(values, world)
  const path = `/api/conversations/${id}`
  const conversation = await router.call<ConversationShape>('GET', path)
  const query = { limit: values.limit ?? LIMIT }
  const { messages } = await router.call<{ messages: readonly MessageShape[] }>('GET', `${path}/messages`, { query })
  if (values.json) {
    write(world, JSON.stringify({ conversation, messages }))
    return 0
  }
  const { platform, state, bot, flags, waiting, customer, created_at, last_message_at } = conversation
  const names = [customer.name, customer.username].filter((name) => name !== null)
  const facts = [
    `${id} · ${platform} · ${state}`,
    ...(names.length === 0 ? [] : [printable(names.join(' · '))]),
    botInWords(bot),
    `${waiting} waiting · ${flags} flags · since ${created_at} · last ${last_message_at}`,
  ]
  write(world, facts.join('\n'))
  for (const message of messages) {
    const [first, ...rest] = wrapped(messageLine(message), world.width - 2)
    write(world, [first, ...rest.map((line) => `  ${line}`)].join('\n'))
  }
  return 0
}
