import { Agent, request } from 'undici'
import type { ProbeOutcome, Prober } from '../engine/outside.js'
import { isObject } from './content.js'
import { codeOf } from './graph.js'
import { codeAt, parsed } from './send-outcome.js'

/** Asks the Graph API whose token it is, which sends nothing and needs no permission. */

const MOST_BODY = 65_536
const MOST_CONNECTIONS = 8

/** The token, and what it may not do. Whatever else is wrong need not be the token's fault. */
const REFUSALS: ReadonlySet<string> = new Set(['10', '190', '200'])

export function createProber({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Prober {
  const agent = new Agent({ connections: MOST_CONNECTIONS, maxResponseSize: MOST_BODY })
  return {
    async probe(graphUrl, token) {
      // Both platforms know it, with the tokens that send; reading the Page itself takes a permission that sending does not.
      const url = `${graphUrl.replace(/\/+$/, '')}/me?fields=id`
      const headers = { authorization: `Bearer ${token}` }
      try {
        const answer = await request(url, { dispatcher: agent, headers, signal: AbortSignal.timeout(timeoutMs) })
        return probeOutcome(answer.statusCode, await answer.body.text())
      } catch (error) {
        return { is: 'unknown', code: codeOf(error as Error) }
      }
    },
    // Nobody waits for what is under way.
    close: () => agent.destroy(),
  }
}

export function probeOutcome(status: number, body: string): ProbeOutcome {
  const answer = parsed(body)
  const error = answer?.['error'] ?? null
  if (answer !== null && error === null && status === 200) return { is: 'works' }
  const told = isObject(error) ? error : null
  const [main, sub] = [codeAt(told, 'code'), codeAt(told, 'error_subcode')]
  if (main === null) return { is: 'unknown', code: `http_${status}` }
  const code = sub === null ? main : `${main}/${sub}`
  return REFUSALS.has(main) ? { is: 'refused', code } : { is: 'unknown', code }
}
