/** The queue of notifications in Lua: how a commit appends to it, and its own scripts. */

/** Approximate cap for a partition's undelivered notifications: about 200 MB in all. */
const NOTIFICATIONS_LENGTH = 2_500
/** Longer than a notification may wait for delivery; without a process that delivers they expire. */
const NOTIFICATIONS_LIFE_MS = 48 * 3_600_000

export const QUEUE_NOTIFICATION = `
local function queueNotification(key, notification)
  redis.call('XADD', key, 'MAXLEN', '~', ${NOTIFICATIONS_LENGTH}, '*', 'n', notification)
  redis.call('PEXPIRE', key, ${NOTIFICATIONS_LIFE_MS})
end
`

/**
 * Stores how a channel was announced, and queues the notifications of it.
 * KEYS  announced, notifications   ARGV  1 the channel's id  2 '1' connected, '0' not  3… the notifications
 */
export const ANNOUNCE = `${QUEUE_NOTIFICATION}
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
for i = 3, #ARGV do queueNotification(KEYS[2], ARGV[i]) end
`

/**
 * Takes or renews a lease.
 * KEYS  lease   ARGV  1 holder  2 life in ms
 * Returns 1, or 0 while another holder has it.
 */
export const LEASE = `
if redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') then return 1 end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`

/**
 * Ends a lease if it is the holder's.
 * KEYS  lease   ARGV  1 holder
 */
export const END_LEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`
