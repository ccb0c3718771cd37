import { setTimeout as sleep } from 'node:timers/promises'
import type { Assistant } from '../conversation/channel.js'
import type { BriefCall } from './brief-call.js'
import { rowsOf } from './json.js'
import { idIn } from './names.js'

/** Resolves to true when Dify has no conversation of this user any more. */
export type Forget = (assistant: Assistant, user: string, named: string | null) => Promise<boolean>

const MOST_TRIES = 3
/** The largest page that Dify lists. */
const LISTED = 100

export function createForget(call: BriefCall, timeoutMs: number, againMs: number): Forget {
  /** The listed conversations, and the known one whether it is listed or not. */
  async function conversationsOf(assistant: Assistant, user: string, named: string | null): Promise<string[] | null> {
    const query = new URLSearchParams({ user, limit: String(LISTED) })
    const page = await call(assistant, { method: 'GET', path: `/conversations?${query}`, body: null }, timeoutMs)
    if (page?.status !== 200 || page.body === null) return null
    const ids = rowsOf(page.body).flatMap((row) => idIn(row, 'id') ?? [])
    return [...new Set(named === null ? ids : [named, ...ids])]
  }

  async function forgetAll(assistant: Assistant, user: string, named: string | null): Promise<boolean> {
    const ids = await conversationsOf(assistant, user, named)
    const gone = await Promise.all(
      (ids ?? (named === null ? [] : [named])).map(async (id) => {
        const path = `/conversations/${encodeURIComponent(id)}`
        const answer = await call(assistant, { method: 'DELETE', path, body: { user } }, timeoutMs)
        return answer !== null && (answer.status < 300 || answer.status === 404)
      }),
    )
    return ids !== null && ids.length < LISTED && gone.every(Boolean)
  }

  return async (assistant, user, named) => {
    // Workflow apps have no conversations, and their runs cannot be deleted.
    if (assistant.app === 'workflow') return true
    for (let tries = 1; !(await forgetAll(assistant, user, named)); tries++) {
      if (tries === MOST_TRIES) return false
      await sleep(againMs * tries)
    }
    return true
  }
}
