import t from 'tap'
import { mutatedBodies } from '../fixtures/mutations.js'
import { inParallel, type Router, startRouter } from '../fixtures/process.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE, signatureOf } from '../fixtures/webhooks.js'

const SIGNED = 20_000
const UNSIGNED = 1_000
const AT_A_TIME = 16

const recorded = async (router: Router): Promise<unknown> =>
  (await router.call('/api/conversations?limit=500')).json.conversations

t.test('an onslaught records nothing unsigned, and nothing signed brings the router down', async (t) => {
  const router = await startRouter(t, { CHANNEL_PLATFORM: 'instagram' })
  await router.deliver(delivery([fromCustomer('7', { mid: newMid(), text: 'hi' })]))

  await t.test('forged, unsigned, truncated and oversized deliveries are refused', async (t) => {
    const before = await recorded(router)
    const good = JSON.stringify(delivery([echoTo('8', { mid: newMid(), text: 'forged' })]))
    const post = async (body: string | Buffer, signature?: string) =>
      (
        await router.call('/webhook', {
          method: 'POST',
          body: body as string,
          token: null,
          headers: signature === undefined ? {} : { 'x-hub-signature-256': signature },
        })
      ).status
    t.equal(await post(good), 401)
    t.equal(await post(good, signatureOf(good, 'somebody else')), 401)
    t.equal(await post(good, signatureOf(good).slice(0, -1)), 401)
    t.equal(await post(good.slice(0, -1), signatureOf(good)), 401)
    t.equal(await post(`${good} `, signatureOf(good)), 401)
    const large = good + ' '.repeat(2 * 1024 * 1024)
    t.equal(await post(large, signatureOf(large)), 413)
    t.equal(await post(large), 413)

    const statuses = new Set<number>()
    await inParallel(mutatedBodies(PAGE, UNSIGNED, 1), AT_A_TIME, async (body) => {
      statuses.add(await post(body, signatureOf(body, 'somebody else')))
    })
    t.same([...statuses].sort(), [401, 429])
    t.same(await recorded(router), before)
  })

  await t.test('twenty thousand signed but malformed deliveries are answered', async (t) => {
    const statuses = new Map<number, number>()
    await inParallel(mutatedBodies(PAGE, SIGNED, 2), AT_A_TIME, async (body) => {
      const { status, json } = await router.deliver(body as unknown as string)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      const isFine = status === 200 ? json.status === 'success' : status === 400 && json.code === 'invalid_payload'
      if (!isFine) t.fail(`${status} for ${body.toString('latin1')}`)
    })
    t.same([...statuses.keys()].sort(), [200, 400])
    t.ok(statuses.get(200)! > SIGNED / 2, 'most are deliveries all the same')
  })

  await t.test('the router stays healthy and keeps its state under an onslaught', async (t) => {
    t.match(await router.call('/health/ready'), { status: 200 })
    t.same(
      router.log.filter(({ level }) => level >= 50),
      [],
    )
    await router.call(`/api/mark-bot-response?conversation_id=${PAGE}-9`, { method: 'POST' })
    const echo = () =>
      router.deliver(delivery([echoTo('9', { mid: newMid(), text: 'x' }, { at: Date.now() - 60_000 })]))
    t.match((await echo()).json.results, [{ author: 'bot', evidence: 'flag' }])
    const ids = ((await recorded(router)) as { readonly id: string }[]).map(({ id }) => id)
    t.ok(ids.length > 1)
    t.same(
      ids.filter((id) => !/^\d{1,32}-\d{1,32}$/.test(id)),
      [],
    )
  })
})
