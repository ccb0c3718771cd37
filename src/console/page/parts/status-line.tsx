import { statusLineOf } from '../../view/connection.js'
import { connection, retryNow } from '../live.js'
import { logOut } from '../session.js'
import { now } from '../state.js'

/** The state of the connection to the router, in one line. */
export function StatusLine() {
  const { value } = connection
  // Subscribes to the clock only while there is a countdown.
  const at = value.is === 'away' || value.is === 'unready' ? now.value && Date.now() : 0
  const { words, retry, mood } = statusLineOf(value, at)
  return (
    <div class={`status ${mood}`}>
      <span class="dot" aria-hidden="true" />
      <span role="status">{words}</span>
      {retry !== null && <span aria-hidden="true">{retry}</span>}
      {value.is === 'away' && (
        <button type="button" class="link" onClick={() => retryNow()}>
          Try now
        </button>
      )}
      {value.is === 'refused' && (
        <button type="button" class="link" onClick={logOut}>
          Log in again
        </button>
      )}
    </div>
  )
}
