/**
 * What must happen all at once or not at all, in Lua on the server. Each script touches the keys of one partition, reads
 * before it writes, and does an amount of work that does not grow with the number of conversations.
 */

/** The version is a prefix of fixed width, so that checking it does not read the rest of the value. */
export const VERSION_WIDTH = 20

/** More than anybody scrolls through. */
export const MOST_MESSAGES = 5_000

/**
 * KEYS  conversation, history, seen of this period, seen of the one before, due, activity, paused
 * ARGV  1 version it is based on ('' for none)  2 new value ('' leaves it)  3 expires at ('0' never)
 *       4 id of the conversation  5 hash of the event's key ('' for none)  6 hash that must not be ours ('' for none)
 *       7 hash of an id that is ours from now on ('' for none)  8 seen expires at
 *       9 due at  10 place by activity  11 place among the paused (each: '' unchanged, '0' none)
 *       12 history expires at ('' unchanged, '0' keep none)  13 tidy the history, dropping what is older ('' not now)
 *       14 number of new messages
 *       15… the new messages, then pairs of an index from the end and a changed message
 * Returns {1} when done, {2} when the event was seen or the id is ours, {0, value} on another version.
 */
export const COMMIT = `
if redis.call('GETRANGE', KEYS[1], 0, ${VERSION_WIDTH - 1}) ~= ARGV[1] then
  return {0, redis.call('GET', KEYS[1])}
end
if ARGV[6] ~= '' and (redis.call('SISMEMBER', KEYS[3], ARGV[6]) == 1 or redis.call('SISMEMBER', KEYS[4], ARGV[6]) == 1) then
  return {2}
end
if ARGV[5] ~= '' then
  if redis.call('SISMEMBER', KEYS[4], ARGV[5]) == 1 or redis.call('SADD', KEYS[3], ARGV[5]) == 0 then return {2} end
  redis.call('PEXPIREAT', KEYS[3], ARGV[8])
end
if ARGV[7] ~= '' then
  redis.call('SADD', KEYS[3], ARGV[7])
  redis.call('PEXPIREAT', KEYS[3], ARGV[8])
end
if ARGV[2] == '' then return {1} end
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3]) end
local added = tonumber(ARGV[14])
for i = 15, 14 + added do redis.call('RPUSH', KEYS[2], ARGV[i]) end
if #ARGV > 14 + added then
  local length = redis.call('LLEN', KEYS[2])
  for i = 15 + added, #ARGV, 2 do
    if -tonumber(ARGV[i]) <= length then redis.call('LSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
  end
end
if ARGV[13] ~= '' then
  redis.call('LTRIM', KEYS[2], -${MOST_MESSAGES}, -1)
  while true do
    local oldest = redis.call('LINDEX', KEYS[2], 0)
    if not oldest then break end
    local arrived = tonumber(string.match(oldest, '^%[%d+,(%d+)'))
    if arrived >= tonumber(ARGV[13]) then break end
    redis.call('LPOP', KEYS[2])
  end
end
if ARGV[12] == '0' then redis.call('DEL', KEYS[2])
elseif ARGV[12] ~= '' then redis.call('PEXPIREAT', KEYS[2], ARGV[12]) end
if ARGV[9] == '0' then redis.call('ZREM', KEYS[5], ARGV[4])
elseif ARGV[9] ~= '' then redis.call('ZADD', KEYS[5], ARGV[9], ARGV[4]) end
if ARGV[10] == '0' then redis.call('ZREM', KEYS[6], ARGV[4])
elseif ARGV[10] ~= '' then redis.call('ZADD', KEYS[6], ARGV[10], ARGV[4]) end
if ARGV[11] == '0' then redis.call('ZREM', KEYS[7], ARGV[4])
elseif ARGV[11] ~= '' then redis.call('ZADD', KEYS[7], ARGV[11], ARGV[4]) end
return {1}
`

/**
 * Gives out what is due, each for the time of a lease, by the server's own clock.
 * KEYS  due   ARGV  1 how many at the most  2 lease in ms  3 what a conversation's key begins with
 * Returns {the next due time or '', id, id, …}.
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
table.insert(given, 1, first[2] or '')
return given
`
