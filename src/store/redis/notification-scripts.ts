import { namedScript } from './named-script.js'

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

/** Stores how a channel was announced ('1' connected, '0' not), and queues the notifications of it, which follow. */
export const ANNOUNCE = namedScript(
  ['announced', 'notifications'],
  ['channelId', 'isConnected'],
  `${QUEUE_NOTIFICATION}
redis.call('HSET', KEYS.announced, ARGV.channelId, ARGV.isConnected)
for i = FIRST_MORE, #ARGV do queueNotification(KEYS.notifications, ARGV[i]) end
`,
)

/** Takes or renews a lease. Returns 1, or 0 while another holder has it. */
export const LEASE = namedScript(
  ['lease'],
  ['holder', 'lifeMs'],
  `
if redis.call('SET', KEYS.lease, ARGV.holder, 'PX', ARGV.lifeMs, 'NX') then return 1 end
if redis.call('GET', KEYS.lease) ~= ARGV.holder then return 0 end
redis.call('PEXPIRE', KEYS.lease, ARGV.lifeMs)
return 1
`,
)

/** Ends a lease if it is the holder's. */
export const END_LEASE = namedScript(
  ['lease'],
  ['holder'],
  `
if redis.call('GET', KEYS.lease) == ARGV.holder then redis.call('DEL', KEYS.lease) end
`,
)
