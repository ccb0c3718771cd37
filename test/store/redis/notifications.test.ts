import t from 'tap'
import type { Commands } from '../../../src/store/redis/commands.js'
import { createKeys } from '../../../src/store/redis/keys.js'
import { createNotifications } from '../../../src/store/redis/notifications.js'

t.test('a partition out of reach holds up no other, and is read from where it was left', async (t) => {
  const keys = createKeys('mr')
  const asked: string[] = []
  let isAway = true
  const commands = {
    async stream(key: string, after: string) {
      if (key !== keys.notifications(3) && key !== keys.notifications(4)) return []
      asked.push(`${key} ${after}`)
      if (key === keys.notifications(3) && isAway) throw new Error('away')
      return after === '0-0' ? [['5-0', 'n["1-2","global","a",1]\n{}'] as const] : []
    },
  } as unknown as Commands
  const queue = createNotifications({ commands, keys })
  const { notifications, next } = await queue.read(null, 640)
  t.same(
    notifications.map(({ key }) => key),
    ['4:5-0'],
  )
  isAway = false
  t.same(
    (await queue.read(next, 640)).notifications.map(({ key }) => key),
    ['3:5-0'],
  )
  t.same(asked, [
    `${keys.notifications(3)} 0-0`,
    `${keys.notifications(4)} 0-0`,
    `${keys.notifications(3)} 0-0`,
    `${keys.notifications(4)} 5-0`,
  ])
})
