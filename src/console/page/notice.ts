import { signal } from '@preact/signals'
import { refusalInWords } from '../view/connection.js'
import type { Answer } from './api.js'

/** What came of the last thing that somebody did. What was not done stays until it is read. */

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

/** Says why something was not done; true where it was. */
export function isDone<T>(answer: Answer<T>, words: string | null = null): answer is { ok: true; value: T } {
  if (!answer.ok) tell(refusalInWords(answer.problem), true)
  else if (words !== null) tell(words)
  else notice.value = null
  return answer.ok
}
