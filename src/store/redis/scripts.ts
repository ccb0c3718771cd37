/**
 * The operations that must be atomic, as Lua scripts. Each touches the keys of one partition, reads before it writes,
 * and takes a time that does not depend on the number of conversations.
 */

import { FOUND_BY } from './list-scripts.js'
import { namedScript } from './named-script.js'

/** The version is a prefix of fixed width, so that it is checked without reading the rest of the value. */
export const VERSION_WIDTH = 20

/** Approximate cap of a partition's feed. */
export const FEED_LENGTH = 2_500

/** The end of a message that waits, as the history has it: without id and text. */
export const WITHOUT_WORDS = ',null,null,"received"]'

/**
 * A message's text starts with its number and its arrival time. In a history both only grow, and the numbers have no
 * gaps. A message that waits for its answer is in the conversation's state: the history has it without its id and its
 * words, until its answer or what else becomes of it replaces the text.
 */
export const MESSAGES = `
local function withoutWords(message) return string.match(message, '^%[%d+,%d+,"%a+","%a+"') .. '${WITHOUT_WORDS}' end
local function isWithoutWords(message) return string.sub(message, -${WITHOUT_WORDS.length}) == '${WITHOUT_WORDS}' end
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
 * Claims due conversations for the time of a lease, by the server's clock. `keyStart` is the prefix of conversations' keys.
 * Returns {the server's time, the next due time or '', id, id, …}.
 */
export const CLAIM = namedScript(
  ['due'],
  ['limit', 'leaseMs', 'keyStart'],
  `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ids = redis.call('ZRANGEBYSCORE', KEYS.due, '-inf', now, 'LIMIT', 0, ARGV.limit)
local given = {}
for _, id in ipairs(ids) do
  if redis.call('EXISTS', ARGV.keyStart .. id) == 1 then
    redis.call('ZADD', KEYS.due, now + ARGV.leaseMs, id)
    given[#given + 1] = id
  else
    redis.call('ZREM', KEYS.due, id)
  end
end
local first = redis.call('ZRANGE', KEYS.due, 0, 0, 'WITHSCORES')
return {string.format('%.0f', now), first[2] or '', unpack(given)}
`,
)

/**
 * A page of messages by their numbers ('' for any, or for the newest), without those that arrived before `since`.
 * Returns {the conversation's value if the words of a message are there and not in the history, else '', message, …}.
 */
export const PAGE = namedScript(
  ['history', 'state'],
  ['before', 'after', 'limit', 'since'],
  `${MESSAGES}
local last = redis.call('LINDEX', KEYS.history, -1)
if not last then return {''} end
local length = redis.call('LLEN', KEYS.history)
-- The number before that of the list's first message.
local offset = numberOf(last) - length
local from = firstSince(KEYS.history, ARGV.since, length)
local to = length - 1
if ARGV.before ~= '' then to = math.min(to, ARGV.before - offset - 2) end
if ARGV.after == '' then
  from = math.max(from, to - ARGV.limit + 1)
else
  from = math.max(from, ARGV.after - offset)
  to = math.min(to, from + ARGV.limit - 1)
end
if from > to then return {''} end
local value = ''
local messages = redis.call('LRANGE', KEYS.history, from, to)
for _, message in ipairs(messages) do
  if value == '' and isWithoutWords(message) then value = redis.call('GET', KEYS.state) or '' end
end
table.insert(messages, 1, value)
return messages
`,
)

/**
 * Takes the next free slot of a channel's send rate: so many in any window.
 * Returns the time of the slot, as a text.
 */
export const SLOT = namedScript(
  ['slots'],
  ['most', 'windowMs', 'earliest'],
  `
local time = redis.call('TIME')
local at = math.max(time[1] * 1000 + math.floor(time[2] / 1000), math.ceil(ARGV.earliest))
local last = redis.call('LINDEX', KEYS.slots, -1)
if last then at = math.max(at, tonumber(last)) end
local before = redis.call('LINDEX', KEYS.slots, -ARGV.most)
if before then at = math.max(at, before + ARGV.windowMs) end
local slot = string.format('%.0f', at)
redis.call('RPUSH', KEYS.slots, slot)
redis.call('LTRIM', KEYS.slots, -ARGV.most, -1)
redis.call('PEXPIREAT', KEYS.slots, string.format('%.0f', at + 2 * ARGV.windowMs))
return slot
`,
)

/**
 * Sets a value if it is still the expected one ('' for none), or if it has been set already by this command, which a
 * cluster's client sends again after it lost the connection. Returns 1, or 0 where it is another.
 */
export const REPLACE = namedScript(
  ['value'],
  ['expected', 'value'],
  `
local now = redis.call('GET', KEYS.value) or ''
if now ~= ARGV.expected and now ~= ARGV.value then return 0 end
redis.call('SET', KEYS.value, ARGV.value)
return 1
`,
)

/**
 * Changes nothing, and fails where a commit would fail, or would fail after its first writes: a user of Redis 7 may not
 * publish unless told so.
 */
export const TRY = namedScript(
  ['layout'],
  ['live'],
  `
redis.call('SETRANGE', KEYS.layout, 0, '')
redis.call('PUBLISH', ARGV.live, '')
`,
)

/** Feed entries are read in steps of this size. */
const FEED_STEP = 100

/**
 * Entries of a partition's feed, and the facts about its ends: those after `after`, and before them what stands from `from`
 * on ('' for nothing), whose text has the given head after its first character.
 * Returns {newest id ever given ('' no feed), first id, length, where it may have been trimmed, entry, its text, …}.
 */
export const FEED = namedScript(
  ['feed', 'feedFrom'],
  ['from', 'after', 'limit', 'head'],
  `
local found = {'', '', 0, redis.call('GET', KEYS.feedFrom) or ''}
if redis.call('EXISTS', KEYS.feed) == 0 then return found end
local facts = redis.call('XINFO', 'STREAM', KEYS.feed)
for i = 1, #facts, 2 do
  if facts[i] == 'last-generated-id' then found[1] = facts[i + 1]
  elseif facts[i] == 'length' then found[3] = facts[i + 1]
  elseif facts[i] == 'first-entry' then found[2] = facts[i + 1] and facts[i + 1][1] or '' end
end
local function take(from, to, most)
  local page
  repeat
    page = redis.call('XRANGE', KEYS.feed, from, to, 'COUNT', ${FEED_STEP})
    for _, entry in ipairs(page) do
      if most > 0 and string.sub(entry[2][2], 2, 1 + #ARGV.head) == ARGV.head then
        found[#found + 1] = entry[1]
        found[#found + 1] = entry[2][2]
        most = most - 1
      end
      from = '(' .. entry[1]
    end
  until most == 0 or #page < ${FEED_STEP}
end
if ARGV.from ~= '' then take(ARGV.from, ARGV.after, math.huge) end
take('(' .. ARGV.after, '+', tonumber(ARGV.limit))
return found
`,
)

/**
 * Erases a conversation, except for the hashes of handled ids. Deleting its entries from the feed's stream would only mark
 * them and keep their bytes, so the stream is rewritten without them, and without the bytes of entries deleted or trimmed
 * before. That takes tens of milliseconds for a full feed, and erasing is rare.
 * Its lists follow the named keys. `head` is that of its feed entries and notifications, after the first character.
 */
export const ERASE = namedScript(
  ['state', 'history', 'due', 'feed', 'feedFrom', 'oldFeed', 'terms', 'names', 'notifications'],
  ['id', 'head', 'feedLifeMs'],
  `
redis.call('DEL', KEYS.state, KEYS.history)
redis.call('ZREM', KEYS.due, ARGV.id)
for i = 10, #KEYS do redis.call('ZREM', KEYS[i], ARGV.id) end
${FOUND_BY}
foundBy(KEYS.terms, KEYS.names, ARGV.id, '-')
-- A full feed has been trimmed before its first entry: stored, since its length will not show that any more.
if redis.call('XLEN', KEYS.feed) >= ${FEED_LENGTH} then
  redis.call('SET', KEYS.feedFrom, redis.call('XRANGE', KEYS.feed, '-', '+', 'COUNT', 1)[1][1], 'PX', ARGV.feedLifeMs)
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
      if string.sub(entry[2][2], 2, 1 + #ARGV.head) ~= ARGV.head then
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
writeAnew(KEYS.feed, KEYS.oldFeed)
writeAnew(KEYS.notifications, KEYS.oldFeed)
`,
)
