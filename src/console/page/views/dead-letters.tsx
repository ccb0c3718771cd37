import { useState } from 'preact/hooks'
import type { DeadLetter } from '../../view/shapes.js'
import { counted, createCalendar } from '../../view/time.js'
import { deathOf, kindInWords } from '../../view/words.js'
import { discard, redrive, redriveAll } from '../actions.js'
import { Icon } from '../parts/icons.js'
import { PageChoice } from '../parts/page-choice.js'
import { deadLetters, hasMoreDead } from '../state.js'

const calendar = createCalendar()

/** The messages that could not be sent, with reason and actions. */
export function DeadLetters() {
  const [page, setPage] = useState('')
  const letters = deadLetters.value.filter(({ conversation_id: id }) => page === '' || id.startsWith(`${page}-`))
  return (
    <section class="sheet" aria-labelledby="dead-title">
      <header class="sheet-head">
        <div>
          <h1 id="dead-title">Dead letters</h1>
          <p class="muted">Messages that could not be sent. Nothing here is lost: each can be sent after all.</p>
        </div>
        <div class="switches">
          <PageChoice page={page} onChoice={setPage} />
          {letters.length > 1 && (
            <button type="button" class="button main" onClick={() => redriveAll(page)}>
              <Icon name="send" /> Send all {hasMoreDead.value ? '' : letters.length} again
            </button>
          )}
        </div>
      </header>
      {letters.length === 0 ? (
        <p class="nothing good">
          <Icon name="check" /> Everything that was to be sent was sent.
        </p>
      ) : (
        <ul class="cards">
          {letters.map((each) => (
            <Letter key={each.id} of={each} />
          ))}
        </ul>
      )}
      {hasMoreDead.value && <p class="muted">There are more than these.</p>}
    </section>
  )
}

function Letter({ of }: { readonly of: DeadLetter }) {
  const [isBusy, setBusy] = useState(false)
  const { why, advice } = deathOf(of)
  const { message, messages } = of
  const busy = async (work: Promise<boolean>): Promise<void> => {
    setBusy(true)
    await work
    setBusy(false)
  }
  return (
    <li class="card">
      <p class="card-title">
        <a href={`#/c/${of.conversation_id}`}>
          <bdi>{message.customer.name ?? of.conversation_id}</bdi>
        </a>
        {of.at !== null && <time dateTime={of.at}>{calendar.brief(Date.parse(of.at), Date.now())}</time>}
      </p>
      <blockquote dir="auto">{message.content ?? kindInWords(message.message_type)}</blockquote>
      {messages.length > 1 && <p class="muted">and {counted(messages.length - 1, 'part')} after it</p>}
      <p class="why-dead">
        <Icon name="alert" />
        <span>
          <strong>{why}</strong> {advice} <span class="muted">Meta’s code: {of.code}</span>
        </span>
      </p>
      <div class="buttons">
        <button type="button" class="button main" disabled={isBusy} onClick={() => busy(redrive(of.id))}>
          <Icon name="send" /> Send again
        </button>
        <button type="button" class="button" disabled={isBusy} onClick={() => busy(discard(of.id))}>
          <Icon name="bin" /> Let it go
        </button>
      </div>
    </li>
  )
}
