import { signal } from '@preact/signals'
import { loginIn } from '../view/route.js'
import { ask } from './api.js'
import { logIn, session } from './session.js'

/** The login by a one-time code in the URL. */

export type OneTimeLogin =
  | { readonly is: 'none' }
  | { readonly is: 'under way' }
  /** `phone`: the secret of the demo's phone, kept for a login with a typed token. */
  | { readonly is: 'refused'; readonly phone: string | null }
  | { readonly is: 'unanswered' }

export const oneTimeLogin = signal<OneTimeLogin>({ is: 'none' })

export async function useLoginInAddress(): Promise<void> {
  const given = loginIn(location.hash)
  if (given?.by !== 'login') return
  const { secret: token, phone, open } = given
  oneTimeLogin.value = { is: 'under way' }
  const answer = await ask<{ readonly token: string }>('/console/login', { method: 'POST', token })
  if (!answer.ok && answer.problem.status !== 401) {
    // The code stays in the address, so that the page can be loaded again.
    oneTimeLogin.value = { is: 'unanswered' }
    return
  }
  location.replace(open === null ? '#/' : `#/c/${open}`)
  if (answer.ok) logIn(answer.value.token, phone)
  oneTimeLogin.value = answer.ok || session.value !== null ? { is: 'none' } : { is: 'refused', phone }
}
