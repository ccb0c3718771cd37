import { signal } from '@preact/signals'
import { loginIn } from '../view/route.js'

/** The login, kept in session storage so that it ends with the tab. */

export interface Session {
  readonly token: string
  /** The secret with which the demo's phone signs its webhooks. */
  readonly phone: string | null
}

const KEY = 'message-router'

/** A login in the URL is removed from the address bar and the history at once. */
function firstSession(): Session | null {
  const given = loginIn(location.hash)
  if (given?.by === 'token') {
    const { secret: token, phone, open } = given
    history.replaceState(null, '', open === null ? '#/' : `#/c/${open}`)
    const session = { token, phone }
    sessionStorage.setItem(KEY, JSON.stringify(session))
    return session
  }
  const kept = sessionStorage.getItem(KEY)
  return kept === null ? null : (JSON.parse(kept) as Session)
}

export const session = signal<Session | null>(firstSession())

export function logIn(token: string, phone: string | null = null): void {
  session.value = { token, phone: session.value?.phone ?? phone }
  sessionStorage.setItem(KEY, JSON.stringify(session.value))
}

export function logOut(): void {
  sessionStorage.removeItem(KEY)
  session.value = null
}
