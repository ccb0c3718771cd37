import { effect, signal, untracked } from '@preact/signals'
import { type Connection, retryDelay } from '../view/connection.js'
import type { Frame } from '../view/shapes.js'
import { ask, listenForProblems, type Problem } from './api.js'
import { session } from './session.js'

/** The connection to `/ws`; it reconnects and resumes after its last frame. */

export const connection = signal<Connection>({ is: 'connecting' })

export interface Listeners {
  /** Called with frames in order, in batches, so that the page is not redrawn for each. */
  readonly frames: (frames: readonly Frame[]) => void
  /** Called when frames may have been missed and all data must be loaded again. */
  readonly stale: () => void
}

const FLUSH_MS = 120
/** Frames held for the next batch; above this they are dropped and the data is loaded again. */
const MOST_WAITING = 5_000
const CHECK_MS = 10_000
const CHECK_AGAIN_MS = 2_000

export function connect(listeners: Listeners): void {
  let socket: WebSocket | null = null
  let last: string | null = null
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting: Frame[] = []
  let checking: ReturnType<typeof setTimeout> | undefined
  /** Counts connection attempts, so that events of an earlier one are ignored. */
  let life = 0

  function flush(): void {
    const frames = waiting
    waiting = []
    if (frames.length > MOST_WAITING || frames.some(({ type }) => type === 'gap')) listeners.stale()
    else listeners.frames(frames)
  }

  function take(frame: Frame): void {
    if (frame.type !== 'gap') last = frame.id
    if (waiting.length === 0) setTimeout(flush, FLUSH_MS)
    if (waiting.length <= MOST_WAITING) waiting.push(frame)
  }

  function leave(): void {
    life += 1
    clearTimeout(timer)
    socket?.close()
    socket = null
  }

  function later(problem: Problem | null): void {
    const delay = retryDelay(attempt, Math.random())
    const retryAt = Date.now() + delay
    attempt += 1
    connection.value =
      problem === null || problem.status === 0
        ? { is: 'away', retryAt }
        : { is: 'unready', code: problem.code, retryAt }
    clearTimeout(timer)
    timer = setTimeout(open, delay)
  }

  async function open(): Promise<void> {
    leave()
    const mine = life
    const token = session.value?.token
    if (token === undefined) return
    if (connection.value.is !== 'live' && attempt === 0) connection.value = { is: 'connecting' }
    const ticket = await ask<{ readonly ticket: string }>('/api/live-tickets', { method: 'POST' })
    if (mine !== life) return
    if (!ticket.ok) {
      if (ticket.problem.status === 401 || ticket.problem.status === 403) connection.value = { is: 'refused' }
      else later(ticket.problem)
      return
    }
    const after = last
    const address = new URL('ws', location.href.split('#')[0])
    address.protocol = address.protocol.replace('http', 'ws')
    address.search = new URLSearchParams({
      ticket: ticket.value.ticket,
      ...(after === null ? {} : { after }),
    }).toString()
    const opening = new WebSocket(address)
    let isOpen = false
    socket = opening
    opening.onopen = () => {
      if (mine !== life) return
      attempt = 0
      isOpen = true
      connection.value = { is: 'live' }
      if (after === null) listeners.stale()
    }
    opening.onmessage = ({ data }) => {
      if (mine === life) take(JSON.parse(data as string) as Frame)
    }
    opening.onclose = () => {
      if (mine !== life) return
      // The router refused the connection: it may not accept the cursor, so the next attempt goes without.
      if (!isOpen) last = null
      later(null)
    }
  }

  async function check(): Promise<void> {
    clearTimeout(checking)
    checking = setTimeout(check, CHECK_MS)
    if (document.hidden || session.value === null || connection.value.is === 'refused') return
    const mine = life
    const ready = await ask<unknown>('/health/ready')
    if (mine !== life || socket?.readyState !== WebSocket.OPEN) return
    const { is } = connection.value
    if (ready.ok && is === 'unready') {
      connection.value = { is: 'live' }
      listeners.stale()
    } else if (!ready.ok && ready.problem.status === 0) {
      // The connection died without a close event.
      leave()
      later(ready.problem)
    } else if (!ready.ok && is === 'unready') unready(ready.problem.code)
  }

  function unready(code: string): void {
    connection.value = { is: 'unready', code, retryAt: Date.now() + CHECK_AGAIN_MS }
    clearTimeout(checking)
    checking = setTimeout(check, CHECK_AGAIN_MS)
  }

  listenForProblems(({ status, code }, token) => {
    if (status === 401 && token === session.value?.token) {
      connection.value = { is: 'refused' }
      leave()
    } else if (status === 503 && connection.value.is === 'live') unready(code)
  })
  checking = setTimeout(check, CHECK_MS)
  const now = (): void => {
    if (connection.value.is === 'away' || connection.value.is === 'unready') {
      attempt = 0
      open()
    }
  }
  addEventListener('online', now)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && connection.value.is === 'away') now()
  })
  retryNow = now

  effect(() => {
    const isLoggedIn = session.value !== null
    untracked(() => {
      leave()
      last = null
      attempt = 0
      if (isLoggedIn) open()
    })
  })
}

/** Reconnects now instead of at the next attempt. */
export let retryNow: () => void = () => {}
