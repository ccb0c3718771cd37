import type { ProbeOutcome, Prober } from '../engine/providers.js'
import { isObject } from '../json.js'
import { errorOf } from './graph-error.js'
import { createGraphGet } from './graph-get.js'
import { parsed } from './send-outcome.js'

/** Probes a token by asking the Graph API for its owner, which sends nothing and needs no permission. */

/** Codes of a dead token or a missing permission. Other errors need not be the token's fault. */
const REFUSALS: ReadonlySet<string> = new Set(['10', '190', '200'])

export function createProber(options: { readonly timeoutMs?: number } = {}): Prober {
  const graph = createGraphGet(options)
  return {
    async probe(graphUrl, token) {
      // Both platforms support it with a token that can send; reading the Page itself needs another permission.
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
  const { main, code } = errorOf(status, isObject(error) ? error : null)
  return main !== null && REFUSALS.has(main) ? { is: 'refused', code } : { is: 'unknown', code }
}
