import { QUEUE_NOTIFICATION } from './notification-scripts.js'

/**
 * The operations that must be atomic, as Lua scripts. Each touches the keys of one partition, reads before it writes,
 * and takes a time that does not depend on the number of conversations.
 */

import { FOUND_BY } from './list-scripts.js'
import { REMEMBER_SEEN } from './seen.js'

/** The version is a prefix of fixed width, so that it is checked without reading the rest of the value. */
export const VERSION_WIDTH = 20

/** More than anybody reads. */
const MOST_MESSAGES = 5_000

/** Approximate cap of a partition's feed. */
export const FEED_LENGTH = 2_500

/**
 * A message's text starts with its number and its arrival time. In a history both only grow, and the numbers have no
 * gaps.
 */
const MESSAGES = `
local function numberOf(message) return tonumber(string.match(message, '^%[(%d+)')) end
local function cameAt(message) return tonumber(string.match(message, '^%[%d+,(%d+)')) end
local function firstSince(key, time, length)
  local low, high = 0, length
  while low < high do
    -- Usually the very first message is recent enough.
    local middle = low == 0 and high == length and 0 or math.floor((low + high) / 2)
    if cameAt(redis.call('LINDEX', key, middle)) < tonumber(time) then low = middle + 1 else high = middle end
  end
  return low
end
`

/**
 * Commits a change.
 * KEYS  conversation, history, seen of this period, seen of the previous one, due, feed, its new list, its old list,
 *       terms, names, notifications
 * ARGV  1 base version ('' none)  2 new value ('' unchanged)  3 expires at ('0' never)
 *       4 id of the conversation  5 hash of the event's key ('' none)  6 hash of an id that must not be ours ('' none)
 *       7 hash of an id that becomes ours ('' none)  8 seen expires at
 *       9 due at ('' unchanged, '0' none)  10 place by activity ('' lists unchanged, '0' in no list)
 *       11 'moved' remove from the old list, 'moved here' and keep its place there ('' same list)
 *       12 search terms, see FOUND_BY ('' unchanged)
 *       13 history expires at ('0' keep none)  14 '1' renew the history's expiry ('' only when it is created)
 *       15 trim the history, dropping messages older than this ('' no)  16 number of new messages
 *       17 pub/sub channel for feed entries ('' none)  18 head of the feed entries  19 '1' add an entry for the state
 *       20 number of notifications  21… the notifications, the new messages, then pairs of a number and a changed message
 * Returns {1} when done, {2} when the event was seen or the id is ours, {0, value} on another version.
 */
export const COMMIT = `${MESSAGES}${QUEUE_NOTIFICATION}
if redis.call('GETRANGE', KEYS[1], 0, ${VERSION_WIDTH - 1}) ~= ARGV[1] then
  return {0, redis.call('GET', KEYS[1])}
end
${REMEMBER_SEEN}
if ARGV[2] == '' then return {1} end
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3]) end
-- Messages left from an earlier life of the conversation would shift the indexes of the new ones.
if ARGV[1] == '' or ARGV[13] == '0' then redis.call('DEL', KEYS[2]) end
local added = tonumber(ARGV[16])
local notified = tonumber(ARGV[20])
local first = 21 + notified
local changed = first + added
local length = nil
if ARGV[13] ~= '0' then
  for i = first, changed - 1 do length = redis.call('RPUSH', KEYS[2], ARGV[i]) end
end
if #ARGV >= changed and ARGV[13] ~= '0' then
  length = length or redis.call('LLEN', KEYS[2])
  local newest = length > 0 and numberOf(redis.call('LINDEX', KEYS[2], -1))
  for i = changed, #ARGV, 2 do
    local index = length > 0 and length - 1 - newest + ARGV[i] or -1
    if index >= 0 and index < length then redis.call('LSET', KEYS[2], index, ARGV[i + 1]) end
  end
end
if ARGV[15] ~= '' then
  local kept = math.max(firstSince(KEYS[2], ARGV[15], length), length - ${MOST_MESSAGES})
  if kept > 0 then redis.call('LTRIM', KEYS[2], kept, -1) end
end
if ARGV[14] == '1' or (added > 0 and length == added) then redis.call('PEXPIREAT', KEYS[2], ARGV[13]) end
if ARGV[9] == '0' then redis.call('ZREM', KEYS[5], ARGV[4])
elseif ARGV[9] ~= '' then redis.call('ZADD', KEYS[5], ARGV[9], ARGV[4]) end
if ARGV[10] ~= '' then
  local place = ARGV[10]
  if ARGV[11] ~= '' then
    if ARGV[11] == 'moved here' then place = redis.call('ZSCORE', KEYS[8], ARGV[4]) or place end
    redis.call('ZREM', KEYS[8], ARGV[4])
  end
  if place ~= '0' then redis.call('ZADD', KEYS[7], place, ARGV[4]) end
end
if ARGV[12] ~= '' then
  ${FOUND_BY}
  foundBy(KEYS[9], KEYS[10], ARGV[4], ARGV[12])
end
if ARGV[17] ~= '' then
  local function tell(what, body)
    local entry = what .. ARGV[18] .. '\\n' .. body
    local at = redis.call('XADD', KEYS[6], 'MAXLEN', '~', ${FEED_LENGTH}, '*', 'e', entry)
    redis.call('PUBLISH', ARGV[17], at .. ' ' .. entry)
  end
  for i = changed, #ARGV, 2 do tell('c', ARGV[i + 1]) end
  for i = first, changed - 1 do tell('s', ARGV[i]) end
  if ARGV[19] == '1' then tell('t', ARGV[2]) end
end
for i = 21, first - 1 do queueNotification(KEYS[11], ARGV[i]) end
return {1}
`

/**
 * Claims due conversations for the time of a lease, by the server's clock.
 * KEYS  due   ARGV  1 limit  2 lease in ms  3 prefix of conversations' keys
 * Returns {the server's time, the next due time or '', id, id, …}.
 */
export const CLAIM = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
local given = {}
for _, id in ipairs(ids) do
  if redis.call('EXISTS', ARGV[3] .. id) == 1 then
    redis.call('ZADD', KEYS[1], now + ARGV[2], id)
    given[#given + 1] = id
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {string.format('%.0f', now), first[2] or '', unpack(given)}
`

/**
 * A page of messages.
 * KEYS  history   ARGV  1 below this number ('' any)  2 above this number ('' the newest)  3 limit  4 none that arrived earlier
 */
export const PAGE = `${MESSAGES}
local last = redis.call('LINDEX', KEYS[1], -1)
if not last then return {} end
local length = redis.call('LLEN', KEYS[1])
-- The number before that of the list's first message.
local offset = numberOf(last) - length
local from = firstSince(KEYS[1], ARGV[4], length)
local to = length - 1
if ARGV[1] ~= '' then to = math.min(to, ARGV[1] - offset - 2) end
if ARGV[2] == '' then
  from = math.max(from, to - ARGV[3] + 1)
else
  from = math.max(from, ARGV[2] - offset)
  to = math.min(to, from + ARGV[3] - 1)
end
if from > to then return {} end
return redis.call('LRANGE', KEYS[1], from, to)
`

/**
 * Takes the next free slot of a channel's send rate: a limited number in any window.
 * KEYS  slots   ARGV  1 slots in a window  2 the window in ms  3 not earlier than
 * Returns the time of the slot, as a text.
 */
export const SLOT = `
local time = redis.call('TIME')
local at = math.max(time[1] * 1000 + math.floor(time[2] / 1000), math.ceil(ARGV[3]))
local last = redis.call('LINDEX', KEYS[1], -1)
if last then at = math.max(at, tonumber(last)) end
local before = redis.call('LINDEX', KEYS[1], -ARGV[1])
if before then at = math.max(at, before + ARGV[2]) end
local slot = string.format('%.0f', at)
redis.call('RPUSH', KEYS[1], slot)
redis.call('LTRIM', KEYS[1], -ARGV[1], -1)
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', at + 2 * ARGV[2]))
return slot
`

/** Feed entries are read in steps of this size. */
const FEED_STEP = 100

/**
 * Entries of a partition's feed, and the facts about its ends.
 * KEYS  feed, where it may have been trimmed
 * ARGV  1 start at this entry ('' right after the next)  2 return entries after this one  3 limit
 *       4 head of the wanted entries, after the first character
 * Returns {newest id ever given ('' no feed), first id, length, where it may have been trimmed, entry, its text, …}.
 */
export const FEED = `
local found = {'', '', 0, redis.call('GET', KEYS[2]) or ''}
if redis.call('EXISTS', KEYS[1]) == 0 then return found end
local facts = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #facts, 2 do
  if facts[i] == 'last-generated-id' then found[1] = facts[i + 1]
  elseif facts[i] == 'length' then found[3] = facts[i + 1]
  elseif facts[i] == 'first-entry' then found[2] = facts[i + 1] and facts[i + 1][1] or '' end
end
local function take(from, to, most)
  local page
  repeat
    page = redis.call('XRANGE', KEYS[1], from, to, 'COUNT', ${FEED_STEP})
    for _, entry in ipairs(page) do
      if most > 0 and string.sub(entry[2][2], 2, 1 + #ARGV[4]) == ARGV[4] then
        found[#found + 1] = entry[1]
        found[#found + 1] = entry[2][2]
        most = most - 1
      end
      from = '(' .. entry[1]
    end
  until most == 0 or #page < ${FEED_STEP}
end
if ARGV[1] ~= '' then take(ARGV[1], ARGV[2], math.huge) end
take('(' .. ARGV[2], '+', tonumber(ARGV[3]))
return found
`

/**
 * Erases a conversation, except for the hashes of handled ids. Deleting its entries from the feed's stream would only mark
 * them and keep their bytes, so the stream is rewritten without them, and without the bytes of entries deleted or trimmed
 * before. That takes tens of milliseconds for a full feed, and erasing is rare.
 * KEYS  conversation, history, due, feed, where the feed may have been trimmed, temporary name of the old feed, terms,
 *       names, notifications, lists…
 * ARGV  1 its id  2 head of its feed entries and notifications, after the first character  3 life of a feed in ms
 */
export const ERASE = `
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
for i = 10, #KEYS do redis.call('ZREM', KEYS[i], ARGV[1]) end
${FOUND_BY}
foundBy(KEYS[7], KEYS[8], ARGV[1], '-')
-- A full feed has been trimmed before its first entry: stored, since its length will not show that any more.
if redis.call('XLEN', KEYS[4]) >= ${FEED_LENGTH} then
  redis.call('SET', KEYS[5], redis.call('XRANGE', KEYS[4], '-', '+', 'COUNT', 1)[1][1], 'PX', ARGV[3])
end
local function writeAnew(key, old)
  if redis.call('EXISTS', key) == 0 then return end
  local newest
  local facts = redis.call('XINFO', 'STREAM', key)
  for i = 1, #facts, 2 do
    if facts[i] == 'last-generated-id' then newest = facts[i + 1] end
  end
  local life = redis.call('PTTL', key)
  redis.call('RENAME', key, old)
  -- The only way to create an empty stream.
  redis.call('XGROUP', 'CREATE', key, 'g', '$', 'MKSTREAM')
  redis.call('XGROUP', 'DESTROY', key, 'g')
  local from = '-'
  local page
  repeat
    page = redis.call('XRANGE', old, from, '+', 'COUNT', ${FEED_STEP})
    for _, entry in ipairs(page) do
      if string.sub(entry[2][2], 2, 1 + #ARGV[2]) ~= ARGV[2] then
        redis.call('XADD', key, entry[1], entry[2][1], entry[2][2])
      end
      from = '(' .. entry[1]
    end
  until #page < ${FEED_STEP}
  redis.call('DEL', old)
  -- New entries get ids after all earlier ones, and cursors of deleted entries stay valid.
  redis.call('XSETID', key, newest)
  if life > 0 then redis.call('PEXPIRE', key, life) end
end
writeAnew(KEYS[4], KEYS[6])
writeAnew(KEYS[9], KEYS[6])
`
