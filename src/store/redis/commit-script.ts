import { FOUND_BY } from './list-scripts.js'
import { namedScript } from './named-script.js'
import { QUEUE_NOTIFICATION } from './notification-scripts.js'
import { FEED_LENGTH, MESSAGES, VERSION_WIDTH } from './scripts.js'
import { REMEMBER_SEEN } from './seen.js'

/** A commit: its keys, its arguments and the script, all by the same names. */

/** More than anybody reads. */
const MOST_MESSAGES = 5_000

export const COMMIT_KEYS = [
  'state',
  'history',
  /** Of this period, and of the previous one. */
  'seen',
  'seenBefore',
  'due',
  'feed',
  'list',
] as const

/** Those of a commit that moves the conversation in the lists or the search, or notifies somebody. */
export const FURTHER_KEYS = [
  /** The list that it was in. */
  'listBefore',
  'terms',
  'names',
  'notifications',
] as const

export const COMMIT_ARGUMENTS = [
  /** The version that the change is based on; '' for none. */
  'based',
  /** The new value; '' for unchanged, which ends the script after the ids. */
  'value',
  /** '0' for never. */
  'expiresAt',
  'id',
  /** Hash of the event's key; '' for none. */
  'handled',
  /** Hash of an id that must not be ours; '' for none. */
  'notOurs',
  /** Hash of an id that becomes ours; '' for none. */
  'ownId',
  'seenUntil',
  /** '' for unchanged, '0' for none. */
  'dueAt',
  /** Place by activity; '' for lists unchanged, '0' for in no list. */
  'place',
  /** 'moved' removes it from the old list, 'moved here' keeps its place there; '' for the same list. */
  'moves',
  /** Search terms, see FOUND_BY; '' for unchanged. */
  'foundBy',
  /** '0' keeps no history. */
  'historyExpiresAt',
  /** '1' renews the history's expiry; '' only sets it when the history is created. */
  'isSetAnew',
  /** Trims the history and drops messages older than this; '' for no. */
  'tidyBefore',
  /** The number of new messages. */
  'added',
  /** Pub/sub channel for feed entries; '' for none. */
  'live',
  /** Head of the feed entries. */
  'head',
  /** '1' adds a feed entry for the state. */
  'isStateTold',
  /** The number of notifications. */
  'notified',
] as const

export type CommitKeys = Readonly<Record<(typeof COMMIT_KEYS | typeof FURTHER_KEYS)[number], string>>
export type CommitArguments = Readonly<Record<(typeof COMMIT_ARGUMENTS)[number], string>> & {
  /** The notifications, the new messages, then pairs of a number and a changed message. */
  readonly more: readonly string[]
}

const ALL_KEYS = [...COMMIT_KEYS, ...FURTHER_KEYS] as const

/** What the script is called with: the number of keys, the keys, the arguments. Each that is left out saves its cost. */
export function commitCall(keys: CommitKeys, args: CommitArguments): readonly (string | number)[] {
  const needsAll = args.moves !== '' || args.foundBy !== '' || args.notified !== '0'
  const names = needsAll ? ALL_KEYS : COMMIT_KEYS
  const call: (string | number)[] = [names.length]
  for (const name of names) call.push(keys[name])
  for (const name of COMMIT_ARGUMENTS) call.push(args[name])
  for (const text of args.more) call.push(text)
  return call
}

/** Returns {1} when done, {2} when the event was seen or the id is ours, {0, value} on another version. */
export const COMMIT = namedScript(
  ALL_KEYS,
  COMMIT_ARGUMENTS,
  `${MESSAGES}${QUEUE_NOTIFICATION}
if redis.call('GETRANGE', KEYS.state, 0, ${VERSION_WIDTH - 1}) ~= ARGV.based then
  return {0, redis.call('GET', KEYS.state)}
end
${REMEMBER_SEEN}
if ARGV.value == '' then return {1} end
if ARGV.expiresAt == '0' then redis.call('SET', KEYS.state, ARGV.value) else redis.call('SET', KEYS.state, ARGV.value, 'PXAT', ARGV.expiresAt) end
-- Messages left from an earlier life of the conversation would shift the indexes of the new ones.
if ARGV.based == '' or ARGV.historyExpiresAt == '0' then redis.call('DEL', KEYS.history) end
local added = tonumber(ARGV.added)
local notified = tonumber(ARGV.notified)
local first = FIRST_MORE + notified
local changed = first + added
local length = nil
if ARGV.historyExpiresAt ~= '0' then
  for i = first, changed - 1 do length = redis.call('RPUSH', KEYS.history, ARGV[i]) end
end
if #ARGV >= changed and ARGV.historyExpiresAt ~= '0' then
  length = length or redis.call('LLEN', KEYS.history)
  local newest = length > 0 and numberOf(redis.call('LINDEX', KEYS.history, -1))
  for i = changed, #ARGV, 2 do
    local index = length > 0 and length - 1 - newest + ARGV[i] or -1
    if index >= 0 and index < length then redis.call('LSET', KEYS.history, index, ARGV[i + 1]) end
  end
end
if ARGV.tidyBefore ~= '' then
  local kept = math.max(firstSince(KEYS.history, ARGV.tidyBefore, length), length - ${MOST_MESSAGES})
  if kept > 0 then redis.call('LTRIM', KEYS.history, kept, -1) end
end
if ARGV.isSetAnew == '1' or (added > 0 and length == added) then redis.call('PEXPIREAT', KEYS.history, ARGV.historyExpiresAt) end
if ARGV.dueAt == '0' then redis.call('ZREM', KEYS.due, ARGV.id)
elseif ARGV.dueAt ~= '' then redis.call('ZADD', KEYS.due, ARGV.dueAt, ARGV.id) end
if ARGV.place ~= '' then
  local place = ARGV.place
  if ARGV.moves ~= '' then
    if ARGV.moves == 'moved here' then place = redis.call('ZSCORE', KEYS.listBefore, ARGV.id) or place end
    redis.call('ZREM', KEYS.listBefore, ARGV.id)
  end
  if place ~= '0' then redis.call('ZADD', KEYS.list, place, ARGV.id) end
end
if ARGV.foundBy ~= '' then
  ${FOUND_BY}
  foundBy(KEYS.terms, KEYS.names, ARGV.id, ARGV.foundBy)
end
if ARGV.live ~= '' then
  local function tell(what, body)
    local entry = what .. ARGV.head .. '\\n' .. body
    local at = redis.call('XADD', KEYS.feed, 'MAXLEN', '~', ${FEED_LENGTH}, '*', 'e', entry)
    redis.call('PUBLISH', ARGV.live, at .. ' ' .. entry)
  end
  for i = changed, #ARGV, 2 do tell('c', ARGV[i + 1]) end
  for i = first, changed - 1 do tell('s', ARGV[i]) end
  if ARGV.isStateTold == '1' then tell('t', ARGV.value) end
end
for i = FIRST_MORE, first - 1 do queueNotification(KEYS.notifications, ARGV[i]) end
return {1}
`,
)
