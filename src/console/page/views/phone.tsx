import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { nameOf } from '../../view/list.js'
import type { Message } from '../../view/shapes.js'
import { evidenceInWords, kindInWords, standingOf } from '../../view/words.js'
import { Icon } from '../parts/icons.js'
import { type Decision, type Writer, writeAs } from '../phone.js'
import { channelOf } from '../state.js'
import { conversation, openId, thread } from '../thread-state.js'

const WRITERS: readonly (readonly [Writer, string, string])[] = [
  ['customer', 'Customer', 'Write as the customer'],
  ['person', 'You, in the app', 'Answer in the Instagram app'],
  ['workflow', 'A workflow', 'Send with a bot flag'],
]

/** The customer's phone of the demo. */
export function Phone({ secret }: { readonly secret: string }) {
  const [isInFront, setInFront] = useState(false)
  const [writer, setWriter] = useState<Writer>('customer')
  const [said, setSaid] = useState<string | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const id = openId.value
  const about = conversation.value
  const messages = thread.value.messages.filter(hasArrived)
  const last = messages.at(-1)?.id

  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }, [last])

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const text = String(new FormData(form).get('text')).trim()
    if (text === '' || id === null) return
    const outcome = await writeAs(writer, id, text, secret)
    if (typeof outcome !== 'string') form.reset()
    setSaid(typeof outcome === 'string' ? `Not sent: ${outcome}` : inWords(outcome))
  }

  const [, , placeholder] = WRITERS.find(([name]) => name === writer)!
  return (
    <aside class={isInFront ? 'phone in-front' : 'phone'} aria-label="The customer’s phone">
      <button
        type="button"
        class="button phone-toggle"
        aria-expanded={isInFront}
        onClick={() => setInFront(!isInFront)}
      >
        <Icon name={isInFront ? 'close' : 'phone'} /> {isInFront ? 'Put the phone away' : 'The customer’s phone'}
      </button>
      <p class="phone-about muted">A pretended phone: what you write here reaches the router as Meta would send it.</p>
      <div class="phone-body">
        <p class="phone-head">
          <bdi>{about === null ? 'A shop' : (channelOf(about.page_id)?.name ?? 'Your shop')}</bdi>
          <span class="muted">as {about === null ? 'the customer' : <bdi>{nameOf(about)}</bdi>} sees it</span>
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keyboard too */}
        <div class="phone-scroll" ref={box} tabIndex={0} role="log" aria-label="On the phone">
          <ol>
            {messages.slice(-30).map((each) => (
              <li key={each.id} class={each.type === 'customer' ? 'mine' : 'theirs'}>
                <p dir="auto">{each.content ?? kindInWords(each.message_type)}</p>
              </li>
            ))}
          </ol>
        </div>
        <form onSubmit={submit}>
          <fieldset>
            <legend class="unseen">Who writes</legend>
            {WRITERS.map(([name, label]) => (
              <label key={name}>
                <input type="radio" name="writer" checked={writer === name} onChange={() => setWriter(name)} />
                <span>{label}</span>
              </label>
            ))}
          </fieldset>
          <div class="phone-write">
            <input name="text" aria-label={placeholder} placeholder={placeholder} autocomplete="off" dir="auto" />
            <button type="submit" class="button main" aria-label="Send from the phone" disabled={id === null}>
              <Icon name="send" />
            </button>
          </div>
        </form>
      </div>
      <p class="phone-said" role="status">
        {said ?? 'The router’s decision shows here.'}
      </p>
    </aside>
  )
}

function hasArrived({ type, status }: Message): boolean {
  return type === 'customer' || status === 'sent'
}

function inWords({ author, evidence, reason }: Decision): string {
  const type = author === 'human' ? 'support' : author === 'bot' ? 'AI' : 'automation'
  if (evidence !== null) return `The router says: ${evidenceInWords({ type, evidence })}.`
  const standing = standingOf({ type: 'customer', status: reason === null ? 'received' : 'skipped', reason })
  return `The router says: ${standing?.words}.`
}
