import { batch, signal } from '@preact/signals'
import type { Conversation, Frame, Message } from '../view/shapes.js'
import {
  type Happening,
  happeningOf,
  isSameLife,
  NO_THREAD,
  opened,
  PAGE_SIZE,
  type Thread,
  withLive,
  withNewer,
  withOlder,
} from '../view/thread.js'
import { ask, type Problem, routerNow } from './api.js'

/** The open conversation. */

export const openId = signal<string | null>(null)
export const conversation = signal<Conversation | null>(null)
export const thread = signal<Thread>(NO_THREAD)
export const happenings = signal<readonly Happening[]>([])
export const threadProblem = signal<Problem | null>(null)

const MOST_HAPPENINGS = 200

let life = 0
/** Frames that arrived while the thread is opened: what is being read may be older than they are. */
let meanwhile: Frame[] = []
let isOpening = false
let isLoading = false

/** With `again` the current content stays visible until the new one has loaded. */
export async function openThread(id: string | null, again: boolean): Promise<void> {
  if (id === openId.value && !again) return
  life += 1
  const mine = life
  meanwhile = []
  isOpening = id !== null
  isLoading = false
  batch(() => {
    if (id !== openId.value) {
      conversation.value = null
      thread.value = NO_THREAD
      happenings.value = []
    }
    openId.value = id
    threadProblem.value = null
  })
  if (id === null) return
  const [about, page] = await Promise.all([ask<Conversation>(pathOf(id)), readPage(id, '')])
  if (mine !== life) return
  isOpening = false
  if (!about.ok || page === null) {
    batch(() => {
      if (!about.ok) threadProblem.value = about.problem
      if (!about.ok && about.problem.status === 404) {
        conversation.value = null
        thread.value = NO_THREAD
      }
      takeForThread(meanwhile)
    })
    return
  }
  batch(() => {
    conversation.value = about.value
    thread.value = opened(page)
    const { paused_at } = about.value.bot
    const began = paused_at ? happeningOf(null, about.value, Date.parse(paused_at)) : null
    if (began !== null) {
      happenings.value = [...happenings.value.filter(({ is, at }) => is !== 'paused' || at < began.at), began]
    }
    takeForThread(meanwhile)
  })
}

export async function loadOlder(): Promise<void> {
  const { messages, reachesStart } = thread.value
  const [first] = messages
  if (reachesStart || first === undefined) return
  await extend(`before=${first.seq}`, withOlder)
}

export async function loadNewer(): Promise<void> {
  const { messages, reachesEnd } = thread.value
  const last = messages.at(-1)
  if (reachesEnd || last === undefined) return
  await extend(`after=${last.seq}`, withNewer)
}

async function extend(where: string, by: (thread: Thread, page: readonly Message[]) => Thread): Promise<void> {
  const id = openId.value
  if (isLoading || id === null) return
  const mine = life
  isLoading = true
  const page = await readPage(id, `&${where}`)
  if (mine !== life) return
  isLoading = false
  if (page !== null) thread.value = by(thread.value, page)
}

async function readPage(id: string, where: string): Promise<readonly Message[] | null> {
  const answer = await ask<{ readonly messages: readonly Message[] }>(
    `${pathOf(id)}/messages?limit=${PAGE_SIZE}${where}`,
  )
  if (!answer.ok) threadProblem.value = answer.problem
  return answer.ok ? answer.value.messages : null
}

export function takeForThread(frames: readonly Frame[]): void {
  const id = openId.value
  const mine = frames.filter((frame) => frame.type !== 'gap' && frame.conversation_id === id)
  if (mine.length === 0) return
  if (isOpening) {
    meanwhile.push(...mine)
    return
  }
  // It was not known, or could not be loaded: it is there now.
  if (thread.value === NO_THREAD || conversation.value === null) {
    openThread(id, true)
    return
  }
  const messages: Message[] = []
  for (const frame of mine) {
    if (frame.type === 'conversation_status') takeStatus(frame.data)
    else if (frame.type !== 'gap') messages.push(frame.data.message)
  }
  const last = messages.at(-1)
  if (last === undefined) return
  if (!isSameLife(thread.value, last)) {
    openThread(id, true)
    return
  }
  thread.value = withLive(thread.value, messages)
  if (conversation.value !== null) conversation.value = { ...conversation.value, customer: last.customer }
}

export function takeStatus(after: Conversation): void {
  const happening = happeningOf(conversation.value, after, routerNow())
  batch(() => {
    if (happening !== null && isNews(happening, after)) {
      happenings.value = [...happenings.value, happening].slice(-MOST_HAPPENINGS)
    }
    conversation.value = after
  })
}

/** A pause that is merely prolonged is reported once. */
function isNews(happening: Happening, after: Conversation): boolean {
  const before = conversation.value
  if (happening.is !== 'paused' || before === null) return true
  return before.bot.enabled || before.bot.reason !== after.bot.reason || before.bot.note !== after.bot.note
}

export function takeMessage(message: Message): void {
  if (message.conversation_id === openId.value) thread.value = withLive(thread.value, [message])
}

export function pathOf(id: string): string {
  return `/api/conversations/${id}`
}
