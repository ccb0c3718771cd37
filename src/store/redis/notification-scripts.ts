/** The queue of notifications in Lua: how a commit adds to it, and the scripts of its own. */

/** Of notifications that wait in a partition, at the least: some 200 MB in all where nobody takes any. */
const NOTIFICATIONS_LENGTH = 2_500
/** Whoever delivers them gives up sooner; without anybody who does, they go by themselves. */
const NOTIFICATIONS_LIFE_MS = 48 * 3_600_000

export const QUEUE_NOTIFICATION = `
local function queueNotification(key, notification)
  redis.call('XADD', key, 'MAXLEN', '~', ${NOTIFICATIONS_LENGTH}, '*', 'n', notification)
  redis.call('PEXPIRE', key, ${NOTIFICATIONS_LIFE_MS})
end
`

/**
 * Remembers how a channel was announced, with the notifications of it.
 * KEYS  announced, notifications   ARGV  1 the channel's id  2 '1' connected, '0' not  3… the notifications
 */
export const ANNOUNCE = `${QUEUE_NOTIFICATION}
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
for i = 3, #ARGV do queueNotification(KEYS[2], ARGV[i]) end
`

/**
 * Takes or renews a lease.
 * KEYS  lease   ARGV  1 who asks  2 for how long in ms
 * Returns 1, or 0 where somebody else has it.
 */
export const LEASE = `
if redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') then return 1 end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`

/** KEYS  lease   ARGV  1 who ends it, where it is theirs */
export const END_LEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`
