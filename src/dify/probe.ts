import type { Assistant } from '../conversation/channel.js'
import type { JsonObject } from '../json.js'
import { Agent } from '../undici.js'
import { createBody } from './body.js'
import { askDify } from './dify-request.js'
import { textIn } from './json.js'
import { codeOfFailure } from './outcome.js'

/** Identifies a Dify app, which starts no run and costs nothing. */

export type AppProbe =
  | { readonly is: 'works' }
  /** The key is valid, but for another kind of app. */
  | { readonly is: 'other_app'; readonly mode: string }
  /** `code`: Dify's own, or that of the connection's failure. */
  | { readonly is: 'refused'; readonly code: string }
  | { readonly is: 'unknown'; readonly code: string }

export interface AppProber {
  /** Never rejects. */
  probe(assistant: Assistant): Promise<AppProbe>
  close(): Promise<void>
}

/** Allows for a long list of suggested questions. */
const LARGEST = 1024 * 1024

type Told =
  | { readonly is: 'told'; readonly status: number; readonly body: JsonObject | null }
  | { readonly is: 'lost'; readonly code: string }

export function createAppProber({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): AppProber {
  const agent = new Agent({ connections: 4 })

  const get = (assistant: Assistant, path: string): Promise<Told> =>
    new Promise((resolve) => {
      const body = createBody(LARGEST)
      let status = 0
      const lost = (code: string): void => {
        clearTimeout(timer)
        open.close()
        resolve({ is: 'lost', code })
      }
      const timer = setTimeout(() => lost('timeout'), timeoutMs)
      const open = askDify(
        agent,
        assistant,
        { method: 'GET', path, body: null },
        {
          onHead(code) {
            status = code
          },
          onData(chunk) {
            if (!body.take(chunk)) lost('too_large')
          },
          onEnd() {
            clearTimeout(timer)
            resolve({ is: 'told', status, body: body.json() })
          },
          onFailure(error) {
            clearTimeout(timer)
            resolve({ is: 'lost', code: codeOfFailure(error) })
          },
        },
      )
    })

  return {
    async probe(assistant) {
      const info = await get(assistant, '/info')
      // Every version has its parameters endpoint; only newer ones tell their kind.
      const told = info.is === 'told' && info.status === 404 ? await get(assistant, '/parameters') : info
      return told.is === 'lost' ? { is: 'unknown', code: told.code } : probeOutcome(assistant, told.status, told.body)
    },
    close: () => agent.destroy(),
  }
}

export function probeOutcome({ app }: Assistant, status: number, body: JsonObject | null): AppProbe {
  if (body === null) return { is: 'unknown', code: `http_${status}` }
  if (status === 200) {
    const mode = textIn(body, 'mode')
    return mode !== '' && (mode === 'workflow') !== (app === 'workflow') ? { is: 'other_app', mode } : { is: 'works' }
  }
  const code = textIn(body, 'code') || `http_${status}`
  return status === 401 || status === 403 ? { is: 'refused', code } : { is: 'unknown', code }
}
