import { piecesOf } from './dify-events.js'
import type { DifyCall, Marks, Sends } from './dify-settings.js'
import { type Attempt, isTaken, post } from './post.js'

/** The HTTP nodes of a workflow: the calls that Dify itself makes during a run. */

/** `silent`: was told not to proceed, and obeys. */
export async function mark(
  call: DifyCall,
  marks: Marks,
  signal: AbortSignal,
): Promise<'goes on' | 'silent' | 'failed'> {
  const { url, token, count, onlyIfOn = false, obeys = false, attempts = 3, retryAfterMs = 100 } = marks
  const query = new URLSearchParams({ conversation_id: threadOf(call) })
  if (count !== undefined) query.set('count', String(count))
  if (onlyIfOn) query.set('only_if_on', 'true')
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  call.marks = await post(`${url}?${query}`, { headers, body: null, attempts, waitMs: retryAfterMs, signal })
  if (!isTaken(call.marks)) return failed(call, call.marks)
  return obeys && !call.marks.at(-1)!.body.includes('"proceed":true') ? 'silent' : 'goes on'
}

export async function sendAnswer(call: DifyCall, sends: Sends, signal: AbortSignal): Promise<'goes on' | 'failed'> {
  const { graphUrl, account, token, parts = 1 } = sends
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const id = threadOf(call).split('-')[1]
  for (const text of piecesOf(call.answer, parts)) {
    const body = JSON.stringify({ recipient: { id }, messaging_type: 'RESPONSE', message: { text } })
    const made = await post(`${graphUrl}/${account}/messages`, { headers, body, attempts: 1, waitMs: 0, signal })
    call.sends = [...call.sends, ...made]
    if (!isTaken(made)) return failed(call, made)
  }
  return 'goes on'
}

/** A node knows the router's conversation only from its inputs. */
function threadOf({ body }: DifyCall): string {
  const { inputs } = body as { inputs?: { conversation_id?: unknown } }
  return String(inputs?.conversation_id ?? 'start.conversation_id')
}

function failed(call: DifyCall, made: readonly Attempt[]): 'failed' {
  const message = `Run failed: Request failed with status code ${made.at(-1)!.status}`
  call.error = { status: 400, code: 'invalid_param', message }
  return 'failed'
}
