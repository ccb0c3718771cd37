import { useState } from 'preact/hooks'
import { folded, siteOf, webAddress } from '../../view/links.js'
import type { Message } from '../../view/shapes.js'
import { createCalendar } from '../../view/time.js'
import { evidenceInWords, kindInWords, standingOf, type Who, whoWrote } from '../../view/words.js'
import { Icon } from '../parts/icons.js'
import { memo } from '../parts/memo.js'
import { FeedbackButtons } from './feedback.js'

const calendar = createCalendar()

interface Props {
  readonly message: Message
  readonly isFirst: boolean
  readonly name: string
}

/** A message with its author, the evidence for the author, and its processing status. */
export const MessageItem = memo(({ message, isFirst, name }: Props) => {
  const who = whoWrote(message)
  const at = message.created_at === null ? null : Date.parse(message.created_at)
  return (
    <li class={`message ${who}${isFirst ? ' first' : ''}`} data-key={message.id} data-seq={message.seq}>
      {isFirst && (
        <p class="author">
          <bdi>{authorName(who, message.type, name)}</bdi>
        </p>
      )}
      <div class="bubble">
        <Content message={message} />
        {message.reactions.length > 0 && (
          <p class="reactions">
            {message.reactions.map(({ by, emoji }) => (
              <span key={`${by}-${emoji}`} title={by === 'customer' ? name : 'The page'}>
                {emoji ?? '♥'}
              </span>
            ))}
          </p>
        )}
      </div>
      <div class="below">
        <p class="facts">
          {at !== null && (
            <time dateTime={message.created_at ?? ''} title={calendar.whole(at)}>
              {calendar.clock(at)}
            </time>
          )}
          <Facts message={message} who={who} />
        </p>
        {message.type === 'AI' && message.status === 'sent' && <FeedbackButtons message={message} />}
      </div>
    </li>
  )
})

function authorName(who: Who, type: Message['type'], name: string): string {
  if (who === 'customer') return name
  if (type === 'marketing') return 'Marketing'
  return who === 'bot' ? 'Bot' : who === 'person' ? 'Person' : 'Automatic'
}

function Facts({ message, who }: { readonly message: Message; readonly who: Who }) {
  const standing = standingOf(message)
  const evidence = evidenceInWords(message)
  return (
    <>
      {evidence !== null && <span class="evidence">{evidence}</span>}
      {evidence === null && who !== 'customer' && message.status === 'sent' && <span>sent from here</span>}
      {standing !== null && (
        <span class={`standing ${standing.mood}`}>
          {standing.mood !== 'quiet' && <Icon name={standing.mood === 'bad' ? 'alert' : 'clock'} />}
          {standing.words}
        </span>
      )}
      {message.edited_at !== null && <span>edited</span>}
      {message.read_at !== null && <span>read</span>}
    </>
  )
}

function Content({ message }: { readonly message: Message }) {
  const { content, attachments, deleted_at, message_type, transcription } = message
  if (deleted_at !== null) return <p class="gone">Deleted</p>
  const isEmpty = (content === null || content === '') && attachments.length === 0
  return (
    <>
      {message.reply_to !== null && (
        <p class="gone">
          <Icon name="back" /> An answer to an earlier message
        </p>
      )}
      {attachments.map((each, place) => (
        <Attachment key={place} {...each} />
      ))}
      {content !== null && content !== '' && <Text text={content} />}
      {transcription && (
        <p class="transcription">
          <span class="muted">Transcript: </span>
          <span dir="auto">{transcription}</span>
        </p>
      )}
      {isEmpty && <p class="gone">{kindInWords(message_type)}</p>}
    </>
  )
}

function Text({ text }: { readonly text: string }) {
  const [isWhole, setWhole] = useState(false)
  const { shown, isFolded } = folded(text)
  return (
    <>
      <p class="text" dir="auto">
        {isWhole ? text : shown}
      </p>
      {isFolded && (
        <button type="button" class="link" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show less' : `Show all ${text.length.toLocaleString()} characters`}
        </button>
      )}
    </>
  )
}

const PICTURES = /^(image|sticker|story)$/

function Attachment({ type, url, title }: Message['attachments'][number]) {
  const [isGone, setGone] = useState(false)
  const address = webAddress(url)
  const name = title ?? kindInWords(type)
  if (address === null) return <p class="gone">{name}</p>
  if (PICTURES.test(type) && !isGone) {
    return (
      <a class="picture" href={address} target="_blank" rel="noopener noreferrer">
        <img src={address} alt={name} loading="lazy" referrerpolicy="no-referrer" onError={() => setGone(true)} />
      </a>
    )
  }
  return (
    <a class="attachment" href={address} target="_blank" rel="noopener noreferrer">
      <Icon name="link" />
      <span>
        <bdi>{name}</bdi>
        <span class="muted">{isGone ? 'The picture cannot be shown any more' : siteOf(address)}</span>
      </span>
    </a>
  )
}
