import type { Platform } from '../conversation/channel.js'
import { isAccountId } from '../conversation/ids.js'
import { isObject, type JsonObject } from '../json.js'
import { idAt, objectAt, textAt } from './content.js'

/** The pages and accounts in Meta's answers. */

export interface Account {
  /** As webhooks name it. */
  readonly id: string
  readonly platform: Platform
  readonly name: string | null
  readonly token: string
  /** Whose token it is, who is subscribed, and who sends: the Page of an Instagram account that is reached through one. */
  readonly owner: string
}

const MOST_NAME = 200
const MOST_TOKEN = 4_096

/** The pages of one answer, each followed by its Instagram account. Those that this user may not act for have no token. */
export function pagesIn(body: JsonObject): readonly Account[] {
  return rowsIn(body).flatMap((page) => {
    const id = accountIdAt(page, 'id')
    const token = textAt(page, 'access_token', MOST_TOKEN)
    if (id === null || token === null) return []
    const linked = objectAt(page, 'instagram_business_account')
    const linkedId = accountIdAt(linked, 'id')
    const own: Account = { id, platform: 'facebook', name: textAt(page, 'name', MOST_NAME), token, owner: id }
    if (linkedId === null) return [own]
    return [own, { ...own, id: linkedId, platform: 'instagram', name: textAt(linked, 'username', MOST_NAME) }]
  })
}

/** The cursor of the next answer; null after the last. */
export function cursorIn(body: JsonObject): string | null {
  const paging = objectAt(body, 'paging')
  const cursors = paging?.['next'] === undefined ? null : objectAt(paging, 'cursors')
  return textAt(cursors, 'after', MOST_TOKEN)
}

/** The account of an Instagram login. Meta puts it into a list, or answers it as it is. */
export function accountIn(body: JsonObject, token: string): Account | null {
  const told = rowsIn(body)[0] ?? body
  const id = accountIdAt(told, 'user_id')
  if (id === null) return null
  return { id, platform: 'instagram', name: textAt(told, 'username', MOST_NAME), token, owner: id }
}

/** The fields to which an app is subscribed, where the answer names it. An Instagram login sees its own app alone. */
export function fieldsIn(body: JsonObject, appId: string | null): readonly string[] {
  const rows = rowsIn(body)
  const own = appId === null ? rows[0] : rows.find((row) => idAt(row, 'id') === appId)
  const fields = own?.['subscribed_fields']
  return Array.isArray(fields) ? fields.filter((field) => typeof field === 'string') : []
}

function rowsIn(body: JsonObject): readonly JsonObject[] {
  const rows = body['data']
  return Array.isArray(rows) ? rows.filter(isObject) : []
}

function accountIdAt(of: JsonObject | null, key: string): string | null {
  const id = idAt(of, key)
  return id !== null && isAccountId(id) ? id : null
}
