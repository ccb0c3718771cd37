import { useState } from 'preact/hooks'
import type { Feedback, Message } from '../../view/shapes.js'
import { giveFeedback } from '../actions.js'
import { Icon } from '../parts/icons.js'

/** Rates an answer of the bot, with an optional comment. */
export function FeedbackButtons({ message }: { readonly message: Message }) {
  const [isCommenting, setCommenting] = useState(false)
  const given = message.feedback ?? null

  async function give(feedback: Exclude<Feedback, null>): Promise<void> {
    const isTakenBack = given === feedback
    if (await giveFeedback(message, isTakenBack ? null : feedback, null)) setCommenting(!isTakenBack)
  }

  async function comment(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get('comment')).trim()
    if (text === '' || (await giveFeedback(message, given, text))) setCommenting(false)
  }

  return (
    <div class={given === null ? 'feedback' : 'feedback given'}>
      <Thumb name="up" label="A good answer" isOn={given === 'positive'} onClick={() => give('positive')} />
      <Thumb name="down" label="A bad answer" isOn={given === 'negative'} onClick={() => give('negative')} />
      {message.feedback_comment && !isCommenting && (
        <q class="muted" dir="auto">
          {message.feedback_comment}
        </q>
      )}
      {isCommenting && given !== null && (
        <form onSubmit={comment}>
          <input
            name="comment"
            aria-label="A word about it"
            placeholder="A word about it (or none)"
            maxLength={1000}
            defaultValue={message.feedback_comment ?? ''}
          />
          <button type="submit" class="button small">
            Keep
          </button>
        </form>
      )}
    </div>
  )
}

function Thumb(props: {
  readonly name: 'up' | 'down'
  readonly label: string
  readonly isOn: boolean
  readonly onClick: () => void
}) {
  return (
    <button type="button" class="thumb" aria-label={props.label} aria-pressed={props.isOn} onClick={props.onClick}>
      <Icon name={props.name} />
    </button>
  )
}
