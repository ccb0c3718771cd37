import { EXIT, type Run, Trouble, write } from './command.js'
import { idIn, routerOf } from './router.js'

type Answer =
  | { readonly status: 'queued'; readonly message: { readonly id: string } }
  | { readonly status: 'cancelled'; readonly reason: string }

export const run: Run = async ({ values, given }, world) => {
  const id = idIn(given[0]!)
  const { author = 'support', key } = values
  const answer = await routerOf(values, world).call<Answer>('POST', '/api/messages', {
    body: { conversation_id: id, text: given[1]!, author },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })
  if (values.json) write(world, JSON.stringify(answer))
  if (answer.status === 'cancelled') {
    throw new Trouble(
      EXIT.failed,
      `Not sent: ${answer.reason}. A person may speak all the same: --author support, which pauses the bot.`,
    )
  }
  if (!values.json) write(world, `${id}: queued as ${answer.message.id}`)
  return 0
}
