import type { Platform } from '../conversation/channel.js'
import { isObject, type JsonObject } from '../json.js'
import { quoteBigIds } from './big-ids.js'
import { idAt } from './content.js'
import { type Item, type ItemSource, readItem } from './item.js'

/** A webhook's body: the platform, and its items in order. */
export interface Delivery {
  readonly platform: Platform
  readonly items: readonly Item[]
  /** The number of items past the cap, which are not processed. */
  readonly tooMany: number
}

/** Ten times the largest batch that Meta documents. */
const MOST_ITEMS = 10_000

/** The account of an entry without an id: the only one of the platform; null when there are several or none. */
export type OnlyAccount = (platform: Platform) => string | null

/** Null when the body is not a delivery. */
export function readDelivery(body: string, onlyAccount: OnlyAccount, traceparent: string | null): Delivery | null {
  let payload: unknown
  try {
    payload = JSON.parse(quoteBigIds(body))
  } catch {
    return null
  }
  if (!isObject(payload)) return null
  const platform = PLATFORMS.get(payload['object'])
  if (platform === undefined) return null
  const into: Reading = { items: [], tooMany: 0 }
  const entries = payload['entry']
  if (Array.isArray(entries))
    for (const entry of entries) readEntry(entry, { platform, onlyAccount, traceparent }, into)
  return { platform, ...into }
}

const PLATFORMS: ReadonlyMap<unknown, Platform> = new Map([
  ['instagram', 'instagram'],
  ['page', 'facebook'],
])

interface EntrySource {
  readonly platform: Platform
  readonly onlyAccount: OnlyAccount
  readonly traceparent: string | null
}

interface Reading {
  readonly items: Item[]
  tooMany: number
}

function readEntry(entry: unknown, { platform, onlyAccount, traceparent }: EntrySource, into: Reading): void {
  if (!isObject(entry)) {
    add(into, entry, { pageId: null, standby: false, traceparent })
    return
  }
  const pageId = idAt(entry, 'id') ?? onlyAccount(platform)
  const source: ItemSource = { pageId, standby: false, traceparent }
  for (const item of listAt(entry, 'messaging')) add(into, item, source)
  for (const item of listAt(entry, 'standby')) add(into, item, { pageId, standby: true, traceparent })
  for (const change of listAt(entry, 'changes')) addChange(into, change, source)
  if (entry['field'] !== undefined) addChange(into, entry, source)
}

function listAt(entry: JsonObject, key: string): readonly unknown[] {
  const list = entry[key]
  return Array.isArray(list) ? list : []
}

/** Adds a message that arrives as a change, in the shape of an item; other changes concern posts and comments. */
function addChange(into: Reading, change: unknown, { pageId, traceparent }: ItemSource): void {
  const value = isObject(change) ? change['value'] : undefined
  const source: ItemSource = { pageId, standby: isObject(change) && change['field'] === 'standby', traceparent }
  const { items } = into
  const before = items.length
  add(into, value, source)
  if (items[before]?.name === 'unsupported') items[before] = { ...items[before], name: 'change' }
}

function add(into: Reading, item: unknown, source: ItemSource): void {
  const { items } = into
  if (items.length >= MOST_ITEMS) {
    into.tooMany += 1
    return
  }
  try {
    items.push(readItem(item, source))
  } catch {
    // An item nested too deeply to be walked is unsupported; its neighbours are still processed.
    items.push({
      name: 'unsupported',
      pageId: source.pageId,
      userId: null,
      event: null,
      reason: 'unsupported',
      key: null,
    })
  }
}
