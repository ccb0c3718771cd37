import { useState } from 'preact/hooks'
import { ask } from '../api.js'
import { type OneTimeLogin, oneTimeLogin } from '../one-time-login.js'
import { Icon } from '../parts/icons.js'
import { logIn } from '../session.js'

/** Shown instead of everything else when there is no token. */
export function Login() {
  const { value: once } = oneTimeLogin
  const [wrong, setProblem] = useState<string | null>(null)
  const [isLooking, setBusy] = useState(false)
  const problem = wrong ?? whyNotByAddress(once)
  const isBusy = isLooking || once.is === 'under way'

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const token = String(new FormData(event.currentTarget as HTMLFormElement).get('token')).trim()
    if (token === '') {
      setProblem('Enter an API token.')
      return
    }
    setBusy(true)
    const answer = await ask('/api/channels', { token })
    setBusy(false)
    if (answer.ok) logIn(token, once.is === 'refused' ? once.phone : null)
    else setProblem(whyNot(answer.problem))
  }

  return (
    <main class="login">
      <form onSubmit={submit} noValidate>
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M8 9.500A2.5 2.5 0 0 1 10.5 7h11A2.5 2.5 0 0 1 24 9.500v7a2.5 2.5 0 0 1-2.5 2.500H15l-5 5v-5.100A2.5 2.5 0 0 1 8 16.500z" />
        </svg>
        <h1>Message router</h1>
        <p class="muted">See who answers your customers, and step in.</p>
        <label for="token">API token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="current-password"
          spellcheck={false}
          aria-invalid={problem !== null}
          aria-describedby="token-help"
        />
        <p id="token-help" class="muted">
          One of the router’s <code>API_TOKENS</code>. It is kept until this tab is closed.
        </p>
        {problem !== null && (
          <p class="problem" role="alert">
            <Icon name="alert" /> {problem}
          </p>
        )}
        <button type="submit" class="button main" disabled={isBusy}>
          {isBusy ? 'Looking …' : 'Log in'}
        </button>
      </form>
    </main>
  )
}

function whyNotByAddress(once: OneTimeLogin): string | null {
  if (once.is === 'unanswered') return 'The router does not answer. Load this page again in a moment.'
  if (once.is !== 'refused') return null
  const then =
    once.phone === null ? 'Enter an API token.' : 'Type /console in the demo for a new one, or enter its API token.'
  return `This address was good for one login: it was used already, or is older than an hour. ${then}`
}

function whyNot({ status, message }: { readonly status: number; readonly message: string }): string {
  if (status === 401) return 'The router does not know this token.'
  if (status === 403) return 'This is a token for Dify, which may not read conversations. Use one of API_TOKENS.'
  return status === 0 ? 'The router does not answer. Try again in a moment.' : message
}
