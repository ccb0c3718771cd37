import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Router, startRouter } from '../fixtures/process.js'
import { startReceiver } from '../fixtures/receiver.js'
import { startRedis } from '../fixtures/redis-servers.js'
import type { Changes } from '../fixtures/settings.js'
import { until } from '../fixtures/shop.js'
import { untilReady } from '../fixtures/traffic.js'
import { delivery, fromCustomer, newMid } from '../fixtures/webhooks.js'

/** The router is killed again and again under load: whatever it said yes to is told in the end, in its order. */

const KILLS = 20
const USERS = 10

async function survives(t: Test, store: Changes): Promise<void> {
  const receiver = await startReceiver(t)
  const said = new Map<string, string[]>(Array.from({ length: USERS }, (_, i) => [`${7000 + i}`, []]))
  const start = async (): Promise<Router> => {
    const router = await startRouter(t, { ...receiver.settings, NOTIFY_EVENTS: 'message.*', ...store })
    await untilReady(router)
    return router
  }
  /** What it answered 200 to counts; what it did not may have been recorded or not. */
  const talk = async (router: Router, isOver: () => boolean): Promise<void> => {
    await Promise.all(
      [...said].map(async ([user, texts]) => {
        while (!isOver()) {
          const text = newMid()
          const { status } = await router
            .deliver(delivery([fromCustomer(user, { mid: text, text })]))
            .catch(() => ({ status: 0 }))
          if (status === 200) texts.push(text)
          await sleep(5)
        }
      }),
    )
  }
  for (let i = 0; i < KILLS; i++) {
    const router = await start()
    let isOver = false
    const talking = talk(router, () => isOver)
    await sleep(100 + 400 * ((i * 7) % 10) * 0.1)
    router.kill('SIGKILL')
    isOver = true
    await Promise.all([talking, router.exited])
  }
  await start()
  const missing = () => {
    const heard = new Set(receiver.taken.map(({ event }) => event.data.message.content))
    return [...said.values()].flat().filter((text) => !heard.has(text)).length
  }
  await until(missing, (many) => many === 0, 60_000)
  const many = [...said.values()].flat().length
  t.ok(many > KILLS, `${many} messages`)
  for (const [user, texts] of said) {
    const told = receiver
      .distinct()
      .filter(({ event }) => event.data.conversation.user_id === user)
      .map(({ event }) => event.data.message.content)
    t.strictSame(
      told.filter((text) => texts.includes(text)),
      texts,
    )
  }
  t.comment(`${many} messages, ${receiver.taken.length - receiver.distinct().length} notifications told twice`)
}

t.test('killed processes lose no notification with Redis', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  await survives(t, { REDIS_URL: server.url })
})

t.test('killed processes lose no notification with a file', async (t) => {
  await survives(t, { DATA_DIR: t.testdir() })
})
