import { batch, computed, effect, signal, untracked } from '@preact/signals'
import {
  type Filters,
  isFiltered,
  type List,
  NO_FILTERS,
  NO_LIST,
  queryOf,
  refreshed,
  withFrames,
  withPage,
} from '../view/list.js'
import { addressOf, type Route, routeOf } from '../view/route.js'
import type { Channel, Conversation, DeadLetter, Frame } from '../view/shapes.js'
import { ask, type Problem, routerNow } from './api.js'
import { takeForPulse } from './pulse-state.js'
import { session } from './session.js'
import { openThread, takeForThread } from './thread-state.js'

/** The state of the page, except for the open thread. */

export const route = signal<Route>(routeOf(location.hash))
addEventListener('hashchange', () => {
  route.value = routeOf(location.hash)
})

export function go(to: Route): void {
  location.hash = addressOf(to)
}

/** Ticks once a second, for countdowns. */
export const now = signal(routerNow())
setInterval(() => {
  now.value = routerNow()
}, 1000)

export const filters = signal<Filters>(NO_FILTERS)
export const list = signal<List>(NO_LIST)
export const listProblem = signal<Problem | null>(null)
export const isListLoaded = signal(false)
export const channels = signal<readonly Channel[]>([])
export const deadLetters = signal<readonly DeadLetter[]>([])
export const hasMoreDead = signal(false)

export const channelOf = (id: string): Channel | undefined => channels.value.find((each) => each.id === id)
export const brokenPages = computed(() => channels.value.filter(({ connected }) => connected === false))

interface ListAnswer {
  readonly conversations: readonly Conversation[]
  readonly next_cursor: string | null
}

const REFRESH_MS = 2500
const SOON_MS = 250

let listLife = 0

async function readList(cursor: string | null): Promise<List | null> {
  const query = new URLSearchParams(queryOf(filters.value))
  if (cursor !== null) query.set('cursor', cursor)
  const answer = await ask<ListAnswer>(`/api/conversations?${query}`)
  listProblem.value = answer.ok ? null : answer.problem
  return answer.ok ? { conversations: answer.value.conversations, next: answer.value.next_cursor } : null
}

/** Frames that arrived during the request are newer than its response, and are applied on top of it. */
let meanwhile: Frame[] = []

export async function loadList(): Promise<void> {
  listLife += 1
  const mine = listLife
  meanwhile = []
  const page = await readList(null)
  if (page === null || mine !== listLife) return
  const { list: fresh } = withFrames(refreshed(list.value, page), meanwhile)
  batch(() => {
    list.value = fresh
    isListLoaded.value = true
  })
}

let isLoadingMore = false

export async function loadMore(): Promise<void> {
  const { next } = list.value
  if (next === null || isLoadingMore) return
  isLoadingMore = true
  const mine = listLife
  const page = await readList(next)
  isLoadingMore = false
  if (page !== null && mine === listLife) list.value = withPage(list.value, page)
  else if (page !== null) list.value = withPage(list.value, { ...page, next: list.value.next ?? page.next })
}

async function loadChannels(): Promise<void> {
  const answer = await ask<{ readonly channels: readonly Channel[] }>('/api/channels')
  if (answer.ok) channels.value = answer.value.channels
}

export async function loadDeadLetters(): Promise<void> {
  const answer = await ask<{ readonly dead_letters: readonly DeadLetter[]; readonly next_cursor: string | null }>(
    '/api/dead-letters?limit=100',
  )
  if (!answer.ok) return
  batch(() => {
    deadLetters.value = answer.value.dead_letters
    hasMoreDead.value = answer.value.next_cursor !== null
  })
}

/** Runs `work` soon, but not again for a while, however often it is called. */
function seldom(work: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastAt = 0
  return () => {
    if (timer !== undefined) return
    const wait = Math.max(SOON_MS, lastAt + REFRESH_MS - Date.now())
    timer = setTimeout(async () => {
      await work()
      lastAt = Date.now()
      timer = undefined
    }, wait)
  }
}

const refreshList = seldom(loadList)
const refreshDead = seldom(loadDeadLetters)
const refreshChannels = seldom(loadChannels)

export function takeFrames(frames: readonly Frame[]): void {
  meanwhile.push(...frames)
  batch(() => {
    const { list: changed, hasStrangers } = withFrames(list.value, frames)
    list.value = changed
    // Only the router can tell which conversations wait or match a filter.
    refreshList()
    if (hasStrangers && !isFiltered(filters.value)) refreshList()
    takeForThread(frames)
    takeForPulse(frames)
  })
  if (
    frames.some((frame) => frame.type === 'message_status' && /failed|unknown|sent/.test(frame.data.message.status))
  ) {
    refreshDead()
    refreshChannels()
  }
}

/** Loads all data again. */
export function loadAll(): void {
  if (session.value === null) return
  loadList()
  loadChannels()
  loadDeadLetters()
  const open = route.value
  if (open.is === 'conversations' && open.id !== null) openThread(open.id, true)
}

const CHANNELS_MS = 60_000
setInterval(() => {
  if (session.value !== null && !document.hidden) loadChannels()
}, CHANNELS_MS)

export function startState(): void {
  effect(() => {
    if (filters.value) untracked(startList)
  })
  effect(() => {
    const { value: to } = route
    if (to.is === 'conversations' && session.value !== null) untracked(() => openThread(to.id, false))
  })
}

function startList(): void {
  list.value = NO_LIST
  isListLoaded.value = false
  if (session.value !== null) loadList()
}
