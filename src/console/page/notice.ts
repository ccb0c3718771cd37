import { signal } from '@preact/signals'
import { refusalInWords } from '../view/connection.js'
import type { Answer } from './api.js'

/** The result of the operator's last action. A failure stays until it is dismissed. */

export interface Notice {
  readonly words: string
  readonly isBad: boolean
}

export const notice = signal<Notice | null>(null)

const READ_MS = 4000
let timer: ReturnType<typeof setTimeout> | undefined

export function tell(words: string, isBad = false): void {
  notice.value = { words, isBad }
  clearTimeout(timer)
  if (!isBad) timer = setTimeout(() => (notice.value = null), READ_MS)
}

/** Shows a failure; returns whether the action succeeded. */
export function isDone<T>(answer: Answer<T>, words: string | null = null): answer is { ok: true; value: T } {
  if (!answer.ok) tell(refusalInWords(answer.problem), true)
  else if (words !== null) tell(words)
  else notice.value = null
  return answer.ok
}
