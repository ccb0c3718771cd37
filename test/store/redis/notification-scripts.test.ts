import t from 'tap'
import { ANNOUNCE, END_LEASE, LEASE, QUEUE_NOTIFICATION } from '../../../src/store/redis/notification-scripts.js'

/** What they do is tested with a server, beside the commit's script; here is what every script must keep to. */

t.test('each script touches the keys that it is given, and no other', async (t) => {
  for (const script of [ANNOUNCE, END_LEASE, LEASE]) {
    const keys = [...script.matchAll(/redis\.call\('[A-Z]+', ([^,)]+)/g)].map(([, key]) => key!)
    t.ok(keys.length > 0)
    for (const key of keys) t.match(key, /^(KEYS\[\d\]|key)$/)
  }
  t.ok(ANNOUNCE.startsWith(QUEUE_NOTIFICATION))
})
