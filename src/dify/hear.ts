import { randomUUID } from 'node:crypto'
import type { AssistantClient, Voice } from '../engine/providers.js'
import type { BriefCall } from './brief-call.js'
import { textIn } from './json.js'
import { LONGEST_ANSWER, outcomeOfStatus } from './outcome.js'

/** Speech to text, if the app has it switched on. */
export function createHear(call: BriefCall, timeoutMs: number): AssistantClient['hear'] {
  return async (assistant, user, voice) => {
    const answer = await call(
      assistant,
      { method: 'POST', path: '/audio-to-text', body: formOf(user, voice) },
      timeoutMs,
    )
    if (answer === null) return { is: 'refused', code: 'no_answer' }
    if (answer.status >= 300) {
      // Dify's error codes are those of questions.
      const { code } = outcomeOfStatus(answer.status, answer.body, 0) as { readonly code: string }
      return { is: 'refused', code }
    }
    const text = answer.body === null ? '' : textIn(answer.body, 'text').trim().slice(0, LONGEST_ANSWER).toWellFormed()
    return text === '' ? { is: 'refused', code: 'empty' } : { is: 'heard', text }
  }
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['audio/mp4', 'mp4'],
  ['audio/mpeg', 'mp3'],
])

function formOf(user: string, { body, type }: Voice): { readonly type: string; readonly bytes: Buffer } {
  const boundary = `voice-${randomUUID()}`
  const part = (name: string, more: string, value: string | Buffer): readonly Buffer[] => [
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]
  const file = `; filename="voice.${NAMES.get(type) ?? type.replace(/^audio\//, '')}"\r\ncontent-type: ${type}`
  const parts = [...part('user', '', user), ...part('file', file, body), Buffer.from(`--${boundary}--\r\n`)]
  return { type: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat(parts) }
}
