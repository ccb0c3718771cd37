import type { Agent } from 'undici'
import type { Assistant } from '../conversation/channel.js'
import type { JsonObject } from '../json.js'
import { createBody } from './body.js'
import { askDify, type Request } from './dify-request.js'

/** A short call besides questions; null when it failed or took too long. */
export type BriefCall = (
  assistant: Assistant,
  request: Request,
  timeoutMs: number,
) => Promise<{ readonly status: number; readonly body: JsonObject | null } | null>

/** Twenty messages of the largest size with Dify's metadata. */
const LARGEST = 8 * 1024 * 1024

export function createBriefCall(agent: Agent): BriefCall {
  return (assistant, request, timeoutMs) =>
    new Promise((resolve) => {
      const body = createBody(LARGEST)
      let status = 0
      const giveUp = (): void => {
        clearTimeout(timer)
        open.close()
        resolve(null)
      }
      const timer = setTimeout(giveUp, timeoutMs)
      const open = askDify(agent, assistant, request, {
        onHead(code) {
          status = code
        },
        onData(chunk) {
          if (!body.take(chunk)) giveUp()
        },
        onEnd() {
          clearTimeout(timer)
          resolve({ status, body: body.json() })
        },
        onFailure() {
          clearTimeout(timer)
          resolve(null)
        },
      })
    })
}
