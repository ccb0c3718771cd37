import { signal } from '@preact/signals'
import { useState } from 'preact/hooks'
import { whatSendingDoes } from '../../view/words.js'
import { sendAsPerson } from '../actions.js'
import { newKey } from '../new-key.js'
import { Icon } from '../parts/icons.js'
import { channelOf } from '../state.js'
import { conversation } from '../thread-state.js'

/** Unsent text by conversation: kept while the operator looks at another one or logs in again. */
interface Unsent {
  readonly text: string
  readonly key: string
}

const drafts = signal<ReadonlyMap<string, Unsent>>(new Map())
const MOST_CHARACTERS = 20_000

function write(id: string, text: string): void {
  // A changed text is another message and needs another key.
  drafts.value = new Map(drafts.value).set(id, { text, key: newKey() })
}

/** The form in which an operator writes to the customer. */
export function Composer({ id }: { readonly id: string }) {
  const [isBusy, setBusy] = useState(false)
  const { text = '', key = '' } = drafts.value.get(id) ?? {}
  const about = conversation.value
  const channel = about === null ? undefined : channelOf(about.page_id)

  async function submit(event: Event): Promise<void> {
    event.preventDefault()
    if (text.trim() === '' || isBusy) return
    setBusy(true)
    const isSent = await sendAsPerson(id, text, key)
    setBusy(false)
    if (isSent && drafts.value.get(id)?.key === key) write(id, '')
  }

  return (
    <form class="composer" onSubmit={submit}>
      <textarea
        aria-label="Write as a person"
        aria-describedby="what-sending-does"
        placeholder="Write as a person"
        dir="auto"
        rows={Math.min(6, text.split('\n').length)}
        maxLength={MOST_CHARACTERS}
        value={text}
        onInput={({ currentTarget }) => write(id, currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event)
        }}
      />
      <button type="submit" class="button main" aria-label="Send" disabled={text.trim() === '' || isBusy}>
        <Icon name="send" /> <span class="wide">{isBusy ? 'Sending …' : 'Send'}</span>
      </button>
      <p id="what-sending-does" class="muted">
        <Icon name="pause" /> {whatSendingDoes(about?.bot.enabled === false, channel?.bot_pause_seconds)}
      </p>
    </form>
  )
}
