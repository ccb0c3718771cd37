import t from 'tap'
import { onFile } from '../fixtures/any-store.js'
import type { Router } from '../fixtures/process.js'
import { conversationOf, messagesOf, openShop, USER, until } from '../fixtures/shop.js'
import { PAGE } from '../fixtures/webhooks.js'

t.test('what was said while the router was away is read once, and only what nobody answered is asked', async (t) => {
  const { DATA_DIR } = onFile(t)
  const shop = await openShop(t, { settings: { DATA_DIR, BACKFILL: '1h', BOT_PAUSE: '6h' } })
  const { graph } = shop
  const reads = (): number =>
    graph.requests.filter(({ is, query, status }) => is === 'conversations' && !query['user_id'] && status === 200)
      .length
  const stopped = async (router: Router): Promise<void> => {
    router.kill('SIGKILL')
    await router.exited
  }
  const first = await shop.start()
  await shop.customer('hello')
  await until(() => shop.sent().length === 1)
  await until(
    () => messagesOf(first),
    (messages) => messages[0]?.is_answered,
  )
  await until(reads)
  await stopped(first)

  const other = `${PAGE}-3001`
  await graph.write({ page: PAGE, user: USER, text: 'how much?', lost: true })
  await graph.write({ page: PAGE, user: USER, text: 'and in blue?', lost: true })
  await graph.write({ page: PAGE, user: '3001', text: 'are you open?', lost: true })
  await graph.write({ page: PAGE, user: '3001', text: 'until six', echo: true, lost: true })

  const second = await shop.start()
  await until(() => shop.sent().length === 2)
  t.same(shop.asked(), ['hello', 'how much?\nand in blue?'])
  t.match((await messagesOf(second)).slice(2), [
    { content: 'how much?', status: 'processed', source: 'backfill' },
    { content: 'and in blue?', status: 'processed', source: 'backfill' },
    { type: 'AI', status: 'sent' },
  ])
  t.match(
    await until(
      () => messagesOf(second, other),
      ({ length }) => length === 2,
    ),
    [
      { content: 'are you open?', status: 'skipped', reason: 'answered', source: 'backfill' },
      { content: 'until six', type: 'support', evidence: 'none', source: 'backfill' },
    ],
  )
  t.match(await conversationOf(second, other), { bot: { enabled: false, reason: 'human_echo' } })
  t.match((await second.call('/metrics')).text, /^message_router_backfilled_total 4$/m)
  const line = second.log.find(({ msg }) => msg === 'missed messages were read from Meta')
  t.match(line, { channel: PAGE, why: 'start', threads: 2, recorded: 4, asked: 2, skipped: 1, ended: 'finished' })
  await until(
    () => messagesOf(second),
    (messages) => messages.every(({ type, is_answered }) => type !== 'customer' || is_answered),
  )
  const before = [await messagesOf(second), await messagesOf(second, other)]
  await stopped(second)

  const third = await shop.start({ LOG_LEVEL: 'debug' })
  const nothing = 'no missed messages were found'
  const read = await until(() => third.log.find(({ msg }) => msg === nothing))
  t.match(read, { threads: 2, recorded: 0, ended: 'finished' })
  t.same([await messagesOf(third), await messagesOf(third, other)], before)
  t.equal(shop.asked().length, 2)
})
