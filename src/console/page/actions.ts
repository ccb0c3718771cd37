import type { Conversation, Feedback, Message } from '../view/shapes.js'
import { counted } from '../view/time.js'
import { ask, fetchText } from './api.js'
import { isDone, tell } from './notice.js'
import { go, list, loadDeadLetters, loadList } from './state.js'
import { conversation, pathOf, takeMessage, takeStatus } from './thread-state.js'

/** The operators' actions. Each shows its result, and returns whether it succeeded. */

/** Without a `length` the bot is paused until it is handed back. */
export async function pauseBot(id: string, length: string | null): Promise<boolean> {
  const body = { enabled: false, ...(length === null ? {} : { for: length }) }
  return switched(id, await ask<Conversation>(`${pathOf(id)}/bot`, { method: 'PUT', body }), 'The bot is paused.')
}

export async function handBack(id: string): Promise<boolean> {
  const answer = await ask<Conversation>(`${pathOf(id)}/bot`, { method: 'PUT', body: { enabled: true } })
  return switched(id, answer, 'Handed back to the bot.')
}

export async function setState(id: string, state: 'open' | 'closed'): Promise<boolean> {
  const answer = await ask<Conversation>(`${pathOf(id)}/state`, { method: 'PUT', body: { state } })
  return switched(id, answer, state === 'closed' ? 'Closed.' : 'Opened again.')
}

function switched(id: string, answer: Awaited<ReturnType<typeof ask<Conversation>>>, words: string): boolean {
  if (!isDone(answer, words)) return false
  if (conversation.value?.id === id) takeStatus(answer.value)
  list.value = {
    ...list.value,
    conversations: list.value.conversations.map((each) => (each.id === id ? { ...each, ...answer.value } : each)),
  }
  return true
}

/** The same `key` for the same text: a retry after a lost response sends nothing twice. */
export async function sendAsPerson(id: string, text: string, key: string): Promise<boolean> {
  const body = { conversation_id: id, text, author: 'support' }
  const answer = await ask<{ readonly status: string; readonly reason?: string }>('/api/messages', {
    method: 'POST',
    body,
    headers: { 'idempotency-key': key },
  })
  if (!isDone(answer)) return false
  if (answer.value.status !== 'cancelled') return true
  tell(`Not sent: ${answer.value.reason ?? 'the router refused it'}.`, true)
  return false
}

export async function giveFeedback(message: Message, feedback: Feedback, comment: string | null): Promise<boolean> {
  const path = `${pathOf(message.conversation_id)}/messages/${message.seq}/feedback`
  const body = { feedback, ...(comment ? { comment } : {}) }
  const answer = await ask<Message>(path, { method: 'POST', body })
  if (!isDone(answer, comment ? 'The comment is kept.' : null)) return false
  takeMessage(answer.value)
  return true
}

export async function redrive(id: string): Promise<boolean> {
  const done = isDone(await ask(`/api/dead-letters/${id}/redrive`, { method: 'POST' }), 'It is on its way again.')
  loadDeadLetters()
  return done
}

export async function discard(id: string): Promise<boolean> {
  const done = isDone(await ask(`/api/dead-letters/${id}`, { method: 'DELETE' }), 'It is gone.')
  loadDeadLetters()
  return done
}

export async function redriveAll(page: string): Promise<boolean> {
  const body = page === '' ? {} : { page }
  const answer = await ask<{ readonly redriven: number; readonly more?: boolean }>('/api/dead-letters/redrive', {
    method: 'POST',
    body,
  })
  if (!isDone(answer)) return false
  const { redriven, more = false } = answer.value
  tell(`${counted(redriven, 'dead letter')} on the way again${more ? '; there are more' : ''}.`)
  loadDeadLetters()
  return true
}

export async function exportThread(id: string): Promise<boolean> {
  const answer = await fetchText(`${pathOf(id)}/export`)
  if (!isDone(answer, 'The thread was saved as a file.')) return false
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([answer.value], { type: 'application/json' }))
  link.download = `conversation-${id}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  return true
}

export async function forget(id: string): Promise<boolean> {
  if (!isDone(await ask(pathOf(id), { method: 'DELETE' }), 'Everything about this customer was forgotten.'))
    return false
  list.value = { ...list.value, conversations: list.value.conversations.filter((each) => each.id !== id) }
  go({ is: 'conversations', id: null })
  loadList()
  return true
}
