import type { ProbeOutcome, Prober } from '../engine/providers.js'
import { isObject } from './content.js'
import { createGraphGet } from './graph-get.js'
import { codeAt, parsed } from './send-outcome.js'

/** Asks the Graph API whose token it is, which sends nothing and needs no permission. */

/** The token, and what it may not do. Whatever else is wrong need not be the token's fault. */
const REFUSALS: ReadonlySet<string> = new Set(['10', '190', '200'])

export function createProber(options: { readonly timeoutMs?: number } = {}): Prober {
  const graph = createGraphGet(options)
  return {
    async probe(graphUrl, token) {
      // Both platforms know it, with the tokens that send; reading the Page itself takes a permission that sending does not.
      const told = await graph.get(graphUrl, 'me?fields=id', token)
      return told.is === 'lost' ? { is: 'unknown', code: told.code } : probeOutcome(told.status, told.body)
    },
    close: graph.close,
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
