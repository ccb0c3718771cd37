import type { Channel, Platform } from '../conversation/channel.js'
import { isAccountId } from '../conversation/ids.js'
import type { Thread, ThreadMessage, ThreadPage } from '../engine/providers.js'
import { isObject, type JsonObject } from '../json.js'
import { cursorIn } from './accounts.js'
import { contentOf, idAt, MOST_ATTACHMENTS, objectAt, textAt, timeAt } from './content.js'

/** The threads and messages in answers of the Conversations API. What is odd is left out, one by one. */

const MOST_ID = 1_024
/** Meta gives the details of a thread's twenty latest messages only. */
export const MOST_MESSAGES = 20

type OurIds = Pick<Channel, 'id' | 'sendAs' | 'platform'>

export function threadsIn(body: JsonObject, channel: OurIds): ThreadPage {
  const rows = listAt(body, 'data')
  const threads = rows.flatMap((row) => threadIn(row, channel) ?? [])
  return { threads, odd: rows.length - threads.length, after: cursorIn(body) }
}

function threadIn(row: JsonObject, channel: OurIds): Thread | null {
  const id = textAt(row, 'id', MOST_ID)
  const userId = customerIn(row, channel)
  const updatedAt = momentAt(row, 'updated_time')
  return id === null || userId === null || updatedAt === 0 ? null : { id, userId, updatedAt }
}

/** The participant that is not ours; null where that is none or several. */
function customerIn(row: JsonObject, channel: OurIds): string | null {
  const ids = listAt(row, 'participants').map((each) => idAt(each, 'id'))
  const [first, ...others] = ids.filter((id) => !isOurs(id, channel))
  const isTold = others.length === 0 && ids.length > 1
  return isTold && first != null && isAccountId(first) ? first : null
}

/** The thread's messages in the answer, oldest first. */
export function messagesIn(body: JsonObject, thread: Thread, channel: OurIds): readonly ThreadMessage[] {
  const row = listAt(body, 'data').find((each) => textAt(each, 'id', MOST_ID) === thread.id)
  if (row === undefined) return []
  const newest = listAt(row, 'messages').slice(0, MOST_MESSAGES)
  const messages = newest.flatMap((each) => messageIn(each, thread.userId, channel) ?? [])
  // Meta has them newest first: messages of the same second keep their order.
  return messages.reverse().sort((a, b) => a.at - b.at)
}

function messageIn(message: JsonObject, userId: string, channel: OurIds): ThreadMessage | null {
  const mid = textAt(message, 'id', MOST_ID)
  const at = momentAt(message, 'created_time')
  const from = idAt(objectAt(message, 'from'), 'id')
  const ours = isOurs(from, channel)
  // Anything else might be our own message under an id that we do not know: the bot would answer itself.
  if (mid === null || at === 0 || (!ours && from !== userId)) return null
  return { mid, at, isOurs: ours, ...contentOf(likeWebhook(message, channel.platform)) }
}

function isOurs(id: string | null, { id: channelId, sendAs }: OurIds): boolean {
  return id === channelId || id === sendAs
}

/** The message as a webhook would have brought it. */
function likeWebhook(message: JsonObject, platform: Platform): JsonObject {
  const story = objectAt(message, 'story')
  const mention = story === null ? null : objectAt(story, 'mention')
  const repliedTo = story === null ? null : objectAt(story, 'reply_to')
  const attachments = [
    ...listAt(message, 'attachments').map(fileOf),
    ...listAt(message, 'shares').map((share) => shareOf(share, platform)),
    ...(mention === null ? [] : [{ type: 'story_mention', payload: { url: mention['link'] } }]),
    ...(textAt(message, 'sticker', 1) === null ? [] : [{ type: 'sticker', payload: { url: message['sticker'] } }]),
  ]
  return {
    text: message['message'],
    is_unsupported: message['is_unsupported'],
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(repliedTo === null ? {} : { reply_to: { story: { url: repliedTo['link'] } } }),
  }
}

function fileOf(attachment: JsonObject): JsonObject {
  const image = objectAt(attachment, 'image_data')
  if (image !== null)
    return { type: image['render_as_sticker'] === true ? 'sticker' : 'image', payload: { url: image['url'] } }
  const video = objectAt(attachment, 'video_data')
  if (video !== null) return { type: 'video', payload: { url: video['url'] } }
  const [type = ''] = (textAt(attachment, 'mime_type', 100) ?? '').split('/')
  if (attachment['file_url'] === undefined) return { type: 'template' }
  return { type: ['image', 'audio', 'video'].includes(type) ? type : 'file', payload: { url: attachment['file_url'] } }
}

/** On Messenger the preview of a link in a text is a share too. */
function shareOf(share: JsonObject, platform: Platform): JsonObject {
  const { link, name, description } = share
  return {
    type: platform === 'facebook' ? 'fallback' : 'share',
    payload: { url: link, title: name, caption: description },
  }
}

/** A list that stands in the field itself or in its `data`. */
function listAt(of: JsonObject, key: string): readonly JsonObject[] {
  const value = of[key]
  const list = isObject(value) ? value['data'] : value
  return Array.isArray(list) ? list.slice(0, MOST_ROWS).filter(isObject) : []
}

/** More than is asked for anywhere. */
const MOST_ROWS = 5 * MOST_ATTACHMENTS

/** Meta's times read `2026-11-30T06:00:00+0000`. */
function momentAt(of: JsonObject, key: string): number {
  const value = of[key]
  return typeof value === 'string' && value.includes('-') ? timeAt({ at: Date.parse(value) }, 'at') : timeAt(of, key)
}
