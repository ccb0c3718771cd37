import t from 'tap'
import { ID, openShop, QUICK, USER, until } from '../fixtures/shop.js'
import { delivery, echoTo } from '../fixtures/webhooks.js'

/** What operators of the earlier systems search the log for, over the built program. */

const SEARCHED = /(Workflow|Node|DUPLICATE|Cached)/

t.test(
  'a message that a workflow has sent, and one that a node reports, are found from the send to the echo',
  async (t) => {
    // Later than the send's answer, so that the order of the lines is always the same.
    const shop = await openShop(t, { page: { echoDelayMs: 500 }, settings: { ...QUICK, LOG_LEVEL: 'info' } })
    const router = await shop.start()
    const found = () => router.log.flatMap(({ msg }) => (SEARCHED.test(msg) ? [msg] : []))
    const post = (path: string, body: object) =>
      router.call(path, { method: 'POST', body: { conversation_id: ID, ...body } })

    await shop.customer('hello')
    await until(() => shop.sent().length === 1)
    t.equal(
      (await post('/api/messages', { text: 'Secret offer', author: 'marketing', source: 'Workflow' })).status,
      202,
    )
    await until(() => found().some((msg) => msg.includes('DUPLICATE')))
    t.same(found(), [
      'message queued · 📝 [Workflow] Cached sent message to prevent webhook duplicate',
      'message sent · 📝 [Workflow] Stored Instagram message_id in metadata',
      '⚠️ DUPLICATE DETECTED - BLOCKING: echo of our own marketing message [Workflow], known by message_id, as it should be',
    ])

    await post('/api/sent-messages', { text: 'Secret node', message_id: 'mid-node', source: 'Node' })
    await router.deliver(delivery([echoTo(USER, { mid: 'mid-node', text: 'Secret node' })]))
    await until(() => found().length === 5)
    t.same(found().slice(3), [
      '📝 [Node] Cached sent message to prevent webhook duplicate · 📝 [Node] Stored Instagram message_id in metadata',
      '⚠️ DUPLICATE DETECTED - BLOCKING: echo of our own AI message [Node], known by message_id, as it should be',
    ])
    t.notMatch(router.output(), 'Secret')
  },
)
