import { signal } from '@preact/signals'
import { MINUTES, type Recent, withRecent } from '../view/pulse.js'
import type { Frame, Message } from '../view/shapes.js'
import { ask, routerNow } from './api.js'

/** The messages of the last 15 minutes, collected once the pulse view has been opened. */

export const recent = signal<Recent>(new Map())

const PAGE = 500
const MOST_PAGES = 40
let isWanted = false

export async function loadPulse(): Promise<void> {
  isWanted = true
  let cursor: string | null = null
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const query = new URLSearchParams({ since: `${MINUTES}m`, limit: String(PAGE) })
    if (cursor !== null) query.set('cursor', cursor)
    const answer: Awaited<ReturnType<typeof askFor>> = await askFor(query)
    if (!answer.ok) return
    // Live messages that arrived meanwhile are newer than the loaded ones.
    const known = recent.value
    recent.value = withRecent(
      known,
      answer.value.messages.filter(({ id }) => !known.has(id)),
      routerNow(),
    )
    cursor = answer.value.next_cursor ?? null
    if (cursor === null) return
  }
}

function askFor(query: URLSearchParams) {
  return ask<{ readonly messages: readonly Message[]; readonly next_cursor?: string | null }>(`/api/messages?${query}`)
}

export function takeForPulse(frames: readonly Frame[]): void {
  if (!isWanted) return
  const messages = frames.flatMap((frame) =>
    frame.type === 'gap' || frame.type === 'conversation_status' ? [] : [frame.data.message],
  )
  if (messages.length > 0) recent.value = withRecent(recent.value, messages, routerNow())
}
