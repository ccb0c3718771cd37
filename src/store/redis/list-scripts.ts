import { namedScript } from './named-script.js'

/** The scripts for lists and searches; each works on one partition, like those in `scripts.ts`. */

/**
 * Sets the search terms of a conversation: '-' removes them, '+' sets its id and the names that follow, one per line. A
 * term is the conversation's id alone, or a name with the conversation's id after a line break. A customer's id is found
 * after the pages' ids, which stand among the terms once each, with a line break before them; conversations of older
 * versions have a term for it too, with the page after a line break. The names are also stored by conversation, so that
 * removing them needs no search.
 */
export const FOUND_BY = `
  local function foundBy(terms, names, id, what)
    local page, user = string.match(id, '^(%d+)-(%d+)$')
    local given = string.sub(what, 2)
    for name in string.gmatch(redis.call('HGET', names, id) or '', '[^\\n]+') do
      redis.call('ZREM', terms, name .. '\\n' .. id)
    end
    if given == '' then redis.call('HDEL', names, id) else redis.call('HSET', names, id, given) end
    if what == '-' then
      redis.call('ZREM', terms, id, user .. '\\n' .. page)
      local others = redis.call('ZRANGEBYLEX', terms, '[' .. page .. '-', '(' .. page .. '-\\255', 'LIMIT', 0, 1)
      if #others == 0 then redis.call('ZREM', terms, '\\n' .. page) end
      return
    end
    redis.call('ZADD', terms, 0, id, 0, '\\n' .. page)
    for name in string.gmatch(given, '[^\\n]+') do redis.call('ZADD', terms, 0, name .. '\\n' .. id) end
  end
`

/**
 * Above this many matching terms in a partition they are not collected: walking the lists finds enough matches
 * sooner.
 */
const MOST_ALIKE = 200

/** Entries of a list that are read at a time, when few of the newest match. */
const MOST_WALKED = 1_000

/**
 * A page of conversations from some lists, newest first: either walks the lists, or reads the terms with a given prefix.
 * The lists follow the named keys. `highest`: start at this place ('+inf' the newest). `beginning`: of the terms ('' walks
 * the lists). `dueLists`: how many of the lists, from the end, show only conversations due by `dueBy`. `prefix`: of the ids.
 * Returns {0} when too many terms match, else {1, id and place to continue after ('' at the end), then for each
 * conversation its id, its place and the index of its list among the KEYS}.
 */
export const LIST = namedScript(
  ['terms', 'due'],
  ['highest', 'limit', 'beginning', 'dueLists', 'dueBy', 'prefix'],
  `
local share, beginning, prefix = tonumber(ARGV.limit), ARGV.beginning, ARGV.prefix
local found = {}
local stop = nil
local function isBefore(a, b) return a[4] > b[4] or (a[4] == b[4] and a[1] > b[1]) end
local function add(id, place, list)
  if string.sub(id, 1, #prefix) == prefix then found[#found + 1] = {id, place, list, tonumber(place)} end
end
local highest = ARGV.highest == '+inf' and math.huge or tonumber(ARGV.highest)
local function addThose(ids, from)
  for list = from, #ids > 0 and #KEYS or 0 do
    for i, place in ipairs(redis.call('ZMSCORE', KEYS[list], unpack(ids))) do
      if place and tonumber(place) <= highest then add(ids[i], place, list - 2) end
    end
  end
end
local function walk(list)
  local least, walked, at = #found + share, 0, nil
  while #found < least and walked < ${MOST_WALKED} do
    at = redis.call('ZREVRANGEBYSCORE', KEYS[list], ARGV.highest, '-inf', 'WITHSCORES', 'LIMIT', walked, share)
    for i = 1, #at, 2 do add(at[i], at[i + 1], list - 2) end
    walked = walked + share
    if #at < 2 * share then return end
  end
  local last = {at[#at - 1], at[#at], list, tonumber(at[#at])}
  if not stop or isBefore(last, stop) then stop = last end
end
if beginning == '' then
  local last = #KEYS - ARGV.dueLists
  for list = 3, last do walk(list) end
  if last < #KEYS then
    addThose(redis.call('ZRANGEBYSCORE', KEYS.due, '-inf', ARGV.dueBy, 'LIMIT', 0, ${MOST_ALIKE}), last + 1)
  end
else
  local beginnings = {beginning}
  if string.find(beginning, '^%d+$') then
    for _, page in ipairs(redis.call('ZRANGEBYLEX', KEYS.terms, '[\\n', '(\\n\\255')) do
      beginnings[#beginnings + 1] = string.sub(page, 2) .. '-' .. beginning
    end
  end
  local ids, isKnown, alike = {}, {}, 0
  for _, each in ipairs(beginnings) do
    local first, last = '[' .. each, '(' .. each .. '\\255'
    alike = alike + redis.call('ZLEXCOUNT', KEYS.terms, first, last)
    if alike > ${MOST_ALIKE} then return {0} end
    for _, term in ipairs(redis.call('ZRANGEBYLEX', KEYS.terms, first, last)) do
      local head, id = string.match(term, '^([^\\n]*)\\n?([^\\n]*)$')
      if id == '' then id = head elseif not string.find(id, '-', 1, true) then id = id .. '-' .. head end
      if not isKnown[id] then ids[#ids + 1] = id end
      isKnown[id] = true
    end
  end
  addThose(ids, 3)
end
table.sort(found, isBefore)
if #found > share and (not stop or isBefore(found[share], stop)) then stop = found[share] end
local page = {1, stop and stop[1] or '', stop and stop[2] or ''}
for i = 1, math.min(#found, share) do
  for part = 1, 3 do page[#page + 1] = found[i][part] end
end
return page
`,
)

/**
 * Moves a conversation to its list, whichever lists and terms it is in; does nothing if it has changed since it was read.
 * The lists follow the named keys. `version` is the one that was read ('' it does not exist), `list` the index of its list
 * among the lists ('' none), `place` the one to use if it is in no list; for `foundBy` see FOUND_BY.
 */
export const RELIST = namedScript(
  ['state', 'terms', 'names'],
  ['id', 'version', 'list', 'place', 'foundBy'],
  `
if redis.call('GETRANGE', KEYS.state, 0, #ARGV.version == 0 and 0 or #ARGV.version - 1) ~= ARGV.version then return end
local place
for i = 4, #KEYS do
  local at = redis.call('ZSCORE', KEYS[i], ARGV.id)
  if at then
    -- The others are from earlier lives of the conversation.
    if not place or tonumber(at) > tonumber(place) then place = at end
    if tostring(i - 4) ~= ARGV.list then redis.call('ZREM', KEYS[i], ARGV.id) end
  end
end
if ARGV.list ~= '' then redis.call('ZADD', KEYS[4 + ARGV.list], place or ARGV.place, ARGV.id) end
${FOUND_BY}
foundBy(KEYS.terms, KEYS.names, ARGV.id, ARGV.foundBy)
`,
)
