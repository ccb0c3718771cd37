import { useState } from 'preact/hooks'
import { nameOf } from '../../view/list.js'
import type { Conversation } from '../../view/shapes.js'
import { forget } from '../actions.js'
import { Dialog } from '../parts/dialog.js'

const WORD = 'forget'

/** Erasing cannot be undone, so the operator has to type a confirmation. */
export function ForgetDialog({ of, onClose }: { readonly of: Conversation; readonly onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const isMeant = typed.trim().toLowerCase() === WORD

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (isMeant && (await forget(of.id))) onClose()
  }

  return (
    <Dialog title="Forget this customer?" onClose={onClose}>
      <form onSubmit={submit}>
        <p>
          All that is known of <bdi>{nameOf(of)}</bdi> is erased, here and in Dify: messages, name, pauses, what waits
          to be sent. Nobody can bring it back.
        </p>
        <label for="typed">
          Type <strong>{WORD}</strong> to do it
        </label>
        <input
          id="typed"
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <div class="buttons">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button danger" disabled={!isMeant}>
            Forget
          </button>
        </div>
      </form>
    </Dialog>
  )
}
