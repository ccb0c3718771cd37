import { type Attachment, type MessageKind, NO_ATTACHMENTS } from '../conversation/state/message.js'
import { isObject, type JsonObject } from '../json.js'

/** Extracts a message's content from the variants of Meta's payloads. */

/** Ten times the longest text that Meta allows. */
export const MOST_TEXT = 20_000
export const MOST_ATTACHMENTS = 20
const MOST_URL = 4_096
/** The longest caption that Instagram allows. */
const MOST_TITLE = 2_200

export function objectAt(of: JsonObject, key: string): JsonObject | null {
  const value = of[key]
  return isObject(value) ? value : null
}

export function textAt(of: JsonObject | null, key: string, most: number): string | null {
  const value = of === null ? null : of[key]
  if (typeof value !== 'string' || value === '') return null
  return value.length <= most ? value : value.slice(0, most).toWellFormed()
}

export function idAt(of: JsonObject | null, key: string): string | null {
  const value = of === null ? null : of[key]
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null
}

/**
 * Milliseconds since 1970; 0 for a value that cannot be a time. Meta sends seconds in some places, and strings in
 * others.
 */
export function timeAt(of: JsonObject, key: string): number {
  const given = of[key]
  const value = typeof given === 'string' ? Number(given) : given
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return 0
  const ms = Math.floor(value < FIRST_IN_MS ? value * 1000 : value)
  return ms >= FIRST_DATE && ms <= LAST_DATE ? ms : 0
}

/** As milliseconds 1973, as seconds the year 5138: distinguishes the two units. */
const FIRST_IN_MS = 100_000_000_000
/** Facebook's first day. Older times are invalid; the history would drop such a message at once. */
const FIRST_DATE = Date.UTC(2004, 1, 4)
const LAST_DATE = 8_640_000_000_000_000

const KINDS: ReadonlyMap<unknown, MessageKind> = new Map([
  ['image', 'image'],
  ['audio', 'voice'],
  ['video', 'video'],
  ['file', 'file'],
  ['sticker', 'sticker'],
  ['location', 'location'],
  ['template', 'template'],
  ['share', 'share'],
  ['fallback', 'share'],
  ['post', 'share'],
  ['reel', 'share'],
  ['ig_post', 'share'],
  ['ig_reel', 'share'],
  ['ig_story', 'story'],
  ['story_mention', 'story'],
])

export interface Content {
  readonly kind: MessageKind
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly storyMention: boolean
  /** The message has content that can be shown. */
  readonly supported: boolean
}

export function contentOf(message: JsonObject): Content {
  const text = textAt(message, 'text', MOST_TEXT)
  const given = message['attachments']
  const story = storyRepliedTo(message)
  const isSticker = hasSticker(message)
  if (!Array.isArray(given) && story === null && !isSticker) {
    const supported = text !== null && message['is_unsupported'] !== true
    return { kind: text === null ? 'other' : 'text', text, attachments: NO_ATTACHMENTS, storyMention: false, supported }
  }
  const list = (Array.isArray(given) ? given : []).slice(0, MOST_ATTACHMENTS).filter(isObject)
  const attachments = list.map((each) => attachmentOf(each, isSticker))
  const first = attachments[0]?.kind ?? (isSticker ? 'sticker' : 'other')
  // The preview of a link arrives as an attachment to the text with the link.
  const isPlainText = text !== null && (list.length === 0 || list[0]!['type'] === 'fallback')
  return {
    kind: isPlainText ? 'text' : first,
    text,
    attachments: story === null ? attachments : [...attachments, story],
    storyMention: list.some((each) => each['type'] === 'story_mention'),
    supported:
      message['is_unsupported'] !== true &&
      (text !== null || isSticker || attachments.some((each) => each.kind !== 'other')),
  }
}

/** A sticker arrives as an image with a sticker id beside it. */
function hasSticker(of: JsonObject | null): boolean {
  return of !== null && of['sticker_id'] !== undefined && of['sticker_id'] !== null
}

function attachmentOf(attachment: JsonObject, isSticker: boolean): Attachment {
  const payload = objectAt(attachment, 'payload')
  const kind = isSticker || hasSticker(payload) ? 'sticker' : (KINDS.get(attachment['type']) ?? 'other')
  return {
    kind,
    url:
      textAt(payload, 'url', MOST_URL) ??
      textAt(payload, 'story_media_url', MOST_URL) ??
      textAt(attachment, 'url', MOST_URL),
    title: titleOf(kind, payload, attachment) ?? placeOf(payload),
  }
}

/** The title, subtitle and caption of a shared post, which may stand in several places, without repeats. */
function titleOf(kind: MessageKind, payload: JsonObject | null, attachment: JsonObject): string | null {
  const lines = ['title', 'subtitle', 'caption'].flatMap((key) => [
    textAt(payload, key, MOST_TITLE),
    textAt(attachment, key, MOST_TITLE),
  ])
  const told = [...new Set(lines.flatMap((line) => line?.trim() || []))]
  if (kind !== 'share' && kind !== 'story') return told[0] ?? null
  return told.length === 0 ? null : told.join('\n')
}

function placeOf(payload: JsonObject | null): string | null {
  const coordinates = payload === null ? null : objectAt(payload, 'coordinates')
  const { lat, long } = coordinates ?? {}
  return typeof lat === 'number' && typeof long === 'number' ? `${lat},${long}` : null
}

function storyRepliedTo(message: JsonObject): Attachment | null {
  const reply = objectAt(message, 'reply_to')
  const story = reply === null ? null : objectAt(reply, 'story')
  return story === null ? null : { kind: 'story', url: textAt(story, 'url', MOST_URL), title: null }
}
