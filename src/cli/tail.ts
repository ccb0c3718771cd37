import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'undici'
import type { ConversationShape, MessageShape } from '../http/shapes.js'
import { EXIT, type Run, Trouble, untilStopped, write } from './command.js'
import { refusedUpgrade } from './refused-upgrade.js'
import { idIn, type Router, refusal, routerOf, TIMEOUT_MS } from './router.js'
import { botInWords, messageLine } from './shown.js'

const RETRY_MS = 1_000

type Frame =
  | { readonly type: 'gap' }
  | ({ readonly id: string; readonly conversation_id: string } & (
      | { readonly type: 'chat_message' | 'message_status'; readonly data: { readonly message: MessageShape } }
      | { readonly type: 'conversation_status'; readonly data: ConversationShape }
    ))

/** Reconnects after the router was unreachable, and continues after the last event. */
export const run: Run = async ({ values, given }, world) => {
  const id = given[0] === undefined ? null : idIn(given[0])
  const router = routerOf(values, world)
  const stop = untilStopped(world)
  let cursor = values.after ?? null
  let hasOpened = false
  const path = () => {
    const query = new URLSearchParams({
      ...(id === null ? {} : { conversation_id: id }),
      ...(cursor === null ? {} : { after: cursor }),
    })
    return `/ws?${query}`
  }
  const onText = (text: string): void => {
    const frame = JSON.parse(text) as Frame
    if ('id' in frame) cursor = frame.id
    write(world, values.json ? text : lineOf(frame))
  }
  while (!stop.aborted) {
    try {
      // Fails with a clear error when the router is unreachable or refuses the token; a WebSocket would not tell them apart.
      await router.call('GET', '/api/conversations', { query: { limit: 1 } })
      const isOpened = await follow(router.url.replace(/^http/, 'ws') + path(), router.token, stop, onText)
      if (!isOpened && !hasOpened) throw await notLetIn(router, path())
      // A router on the memory store was restarted: it refuses cursors from before, so the next attempt goes without.
      if (!isOpened) cursor = null
      hasOpened = true
    } catch (error) {
      if (!hasOpened || !mayPass(error as Trouble)) throw error
    }
    if (!stop.aborted) world.errors.write('The router is away: trying again.\n')
    await sleep(RETRY_MS, undefined, { signal: stop }).catch(() => {})
  }
  return 0
}

/** A router whose store is away, or that has too much to do, refuses for a while; a token is refused for good. */
function mayPass({ exitCode }: Trouble): boolean {
  return exitCode === EXIT.noRouter || exitCode === EXIT.failed
}

/** WebSocket clients do not expose why the handshake failed, so it is repeated over HTTP. */
async function notLetIn({ url, token }: Router, path: string): Promise<Trouble> {
  const answer = await refusedUpgrade(url + path, token, AbortSignal.timeout(TIMEOUT_MS))
  const told = answer === null ? null : refusal(url, answer)
  const why = 'does a proxy stand before it that knows none?'
  return told ?? new Trouble(EXIT.failed, `The router did not open a WebSocket: ${why}`)
}

/** Resolves when it is closed by either side; false when it never opened. */
function follow(url: string, token: string, stop: AbortSignal, onText: (text: string) => void): Promise<boolean> {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } })
  let isOpened = false
  const close = (): void => socket.close()
  socket.addEventListener('open', () => {
    isOpened = true
  })
  socket.addEventListener('message', ({ data }) => onText(data as string))
  stop.addEventListener('abort', close)
  return new Promise((resolve) => {
    socket.addEventListener('close', () => {
      stop.removeEventListener('abort', close)
      resolve(isOpened)
    })
  })
}

function lineOf(frame: Frame): string {
  switch (frame.type) {
    case 'gap':
      return '… something was missed that is no longer kept: message-router show has it'
    case 'chat_message':
      return `${frame.conversation_id}  ${messageLine(frame.data.message)}`
    case 'message_status':
      return `${frame.conversation_id}  ↳ ${messageLine(frame.data.message)}`
    case 'conversation_status':
      return `${frame.conversation_id}  ${frame.data.state} · ${botInWords(frame.data.bot)}`
    default:
      // A type of frame that only a newer router sends.
      return JSON.stringify(frame)
  }
}
