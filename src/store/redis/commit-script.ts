import { FOUND_BY } from './list-scripts.js'
import { namedScript } from './named-script.js'
import { QUEUE_NOTIFICATION } from './notification-scripts.js'
import { FEED_LENGTH, MESSAGES, VERSION_WIDTH } from './scripts.js'
import { REMEMBER_SEEN } from './seen.js'

/** A commit: its keys, its arguments and the script, all by the same names. Several are made by one call of the script. */

/** More than anybody reads. */
const MOST_MESSAGES = 5_000

/** The outcomes of a commit: its version was another, it is done, an error. One more is in seen.ts. */
export const CONFLICT = 0
export const DONE = 1
export const FAILED = -1

/** With the stored value, or null, for a conflict. */
export type CommitAnswer = readonly [outcome: number, value?: string | null]

/** Those that a hot commit needs first. */
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

/**
 * They are sent as one text, each but the last ended by a zero character: the client and the server take as long for each
 * argument of a call, however short. The search terms, which have names that came from outside, are the rest.
 */
export const COMMIT_FACTS = [
  /** The version that the change is based on; '' for none. */
  'based',
  /** '' for never. */
  'expiresAt',
  'id',
  /** Hash of the event's key; '' for none. */
  'handled',
  'seenUntil',
  /** '' for unchanged, '0' for none. */
  'dueAt',
  /** Place by activity; '' for lists unchanged, '0' for in no list. */
  'place',
  /** '0' keeps no history. */
  'historyExpiresAt',
  /** The number of new messages; '' for none. */
  'added',
  /** The numbers of those that the new value has too, each between blanks; '' for none. */
  'waiting',
  /** Pub/sub channel for feed entries; '' for none. */
  'live',
  /** Head of the feed entries. */
  'head',
  /** '1' adds a feed entry for the state. */
  'isStateTold',
  /** Hash of an id that must not be ours; '' for none. */
  'notOurs',
  /** Hash of an id that becomes ours; '' for none. */
  'ownId',
  /** '1' renews the history's expiry; '' only sets it when the history is created. */
  'isSetAnew',
  /** 'moved' removes it from the old list, 'moved here' keeps its place there; '' for the same list. */
  'moves',
  /** The number of notifications; '' for none. */
  'notified',
  /** Trims the history and drops messages older than this; '' for no. */
  'tidyBefore',
  /** Search terms, see FOUND_BY; '' for unchanged. */
  'foundBy',
] as const

export type CommitKeys = Readonly<Record<(typeof COMMIT_KEYS | typeof FURTHER_KEYS)[number], string>>
export type CommitArguments = Readonly<Record<(typeof COMMIT_FACTS)[number], string>> & {
  /** The new value; '' for unchanged, which ends the commit after the ids. */
  readonly value: string
  /** The notifications, the new messages, then pairs of a number and a changed message. */
  readonly more: readonly string[]
}

const ALL_KEYS = [...COMMIT_KEYS, ...FURTHER_KEYS] as const
/** The facts as they are sent; before them, how many keys the commit has, and how many texts after its value. */
const FACTS = ['keys', 'texts', ...COMMIT_FACTS] as const

/**
 * What the script is called with: the number of keys, the keys of one commit after the other, and for each commit its
 * facts, its value and its further texts.
 */
export function commitCall(
  commits: readonly { readonly keys: CommitKeys; readonly args: CommitArguments }[],
): readonly string[] {
  const call = ['']
  for (const { keys, args } of commits) {
    for (const name of keysOf(args)) call.push(keys[name])
  }
  call[0] = String(call.length - 1)
  for (const { args } of commits) {
    call.push(factsOf(args), args.value)
    for (const text of args.more) call.push(text)
  }
  return call
}

function keysOf({ moves, foundBy, notified }: CommitArguments): readonly (keyof CommitKeys)[] {
  return moves !== '' || foundBy !== '' || notified !== '' ? ALL_KEYS : COMMIT_KEYS
}

/** Written out, since reading a property by a variable name takes ten times as long. */
function factsOf(args: CommitArguments): string {
  const start = `${keysOf(args).length}\0${args.more.length}\0${args.based}\0${args.expiresAt}\0${args.id}\0${args.handled}\0`
  const times = `${args.seenUntil}\0${args.dueAt}\0${args.place}\0${args.historyExpiresAt}\0${args.added}\0${args.waiting}\0`
  const told = `${args.live}\0${args.head}\0${args.isStateTold}\0${args.notOurs}\0${args.ownId}\0${args.isSetAnew}\0`
  return `${start}${times}${told}${args.moves}\0${args.notified}\0${args.tidyBefore}\0${args.foundBy}`
}

/** One commit, as a Lua function of its own keys and arguments. Returns its outcome, and the value of a conflict. */
const COMMIT_ONE = namedScript(
  ALL_KEYS,
  [...FACTS, 'value'],
  `
local function commit(KEYS, ARGV)
  if redis.call('GETRANGE', KEYS.state, '0', '${VERSION_WIDTH - 1}') ~= ARGV.based then
    return ${CONFLICT}, redis.call('GET', KEYS.state)
  end
  ${REMEMBER_SEEN}
  if ARGV.value == '' then return ${DONE} end
  if ARGV.expiresAt == '' then redis.call('SET', KEYS.state, ARGV.value) else redis.call('SET', KEYS.state, ARGV.value, 'PXAT', ARGV.expiresAt) end
  -- Messages left from an earlier life of the conversation would shift the indexes of the new ones.
  if ARGV.based == '' or ARGV.historyExpiresAt == '0' then redis.call('DEL', KEYS.history) end
  local added = tonumber(ARGV.added) or 0
  local first = FIRST_MORE + (tonumber(ARGV.notified) or 0)
  local changed = first + added
  local length = nil
  if ARGV.historyExpiresAt ~= '0' then
    for i = first, changed - 1 do
      local isWaiting = ARGV.waiting ~= '' and string.find(ARGV.waiting, ' ' .. numberOf(ARGV[i]) .. ' ', 1, true)
      length = redis.call('RPUSH', KEYS.history, isWaiting and withoutWords(ARGV[i]) or ARGV[i])
    end
  end
  if #ARGV >= changed and ARGV.historyExpiresAt ~= '0' then
    length = length or redis.call('LLEN', KEYS.history)
    local newest = length > 0 and numberOf(redis.call('LINDEX', KEYS.history, '-1'))
    for i = changed, #ARGV, 2 do
      local index = length > 0 and length - 1 - newest + ARGV[i] or -1
      if index >= 0 and index < length then redis.call('LSET', KEYS.history, index, ARGV[i + 1]) end
    end
  end
  if ARGV.tidyBefore ~= '' then
    local kept = math.max(firstSince(KEYS.history, ARGV.tidyBefore, length), length - ${MOST_MESSAGES})
    if kept > 0 then redis.call('LTRIM', KEYS.history, kept, '-1') end
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
  if ARGV.foundBy ~= '' then foundBy(KEYS.terms, KEYS.names, ARGV.id, ARGV.foundBy) end
  if ARGV.live ~= '' then
    local head = ARGV.head .. '\\n'
    for i = changed, #ARGV, 2 do feed(KEYS.feed, ARGV.live, 'c' .. head .. ARGV[i + 1]) end
    for i = first, changed - 1 do feed(KEYS.feed, ARGV.live, 's' .. head .. ARGV[i]) end
    if ARGV.isStateTold == '1' then feed(KEYS.feed, ARGV.live, 't' .. head .. ARGV.value) end
  end
  for i = FIRST_MORE, first - 1 do queueNotification(KEYS.notifications, ARGV[i]) end
  return ${DONE}
end
`,
)

/** Returns the outcomes one after the other, a conflict's followed by the stored value, a failure's by its text. */
export const COMMIT = `${MESSAGES}${QUEUE_NOTIFICATION}${FOUND_BY}
local function feed(key, live, entry)
  local at = redis.call('XADD', key, 'MAXLEN', '~', '${FEED_LENGTH}', '*', 'e', entry)
  redis.call('PUBLISH', live, at .. ' ' .. entry)
end
${COMMIT_ONE}
local answers = {}
local key, at = 0, 1
while at <= #ARGV do
  local arguments = {struct.unpack('${'s'.repeat(FACTS.length - 1)}', ARGV[at])}
  -- After the unpacked ones comes the place of the rest.
  arguments[${FACTS.length}] = string.sub(ARGV[at], arguments[${FACTS.length}])
  local keys, texts = tonumber(arguments[1]), tonumber(arguments[2])
  for i = 1, 1 + texts do arguments[${FACTS.length} + i] = ARGV[at + i] end
  at = at + 2 + texts
  local isDone, outcome, value = pcall(commit, {unpack(KEYS, key + 1, key + keys)}, arguments)
  key = key + keys
  if not isDone then
    value = type(outcome) == 'table' and outcome.err or tostring(outcome)
    -- As the error of the whole call it makes the client look for the new master.
    if string.find(value, 'READONLY', 1, true) then error(outcome) end
    outcome = ${FAILED}
  end
  answers[#answers + 1] = outcome
  if outcome == ${CONFLICT} or outcome == ${FAILED} then answers[#answers + 1] = value end
end
return answers
`
