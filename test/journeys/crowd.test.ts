import t from 'tap'
import { below, randomFrom } from '../fixtures/mutations.js'
import { inParallel, startRouter } from '../fixtures/process.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE } from '../fixtures/webhooks.js'

const CONVERSATIONS = 500
/** 0: the bot answers, 1: a person does, 2: the customer writes, 3: the bot is handed the conversation back. */
const COURSES = [
  [2, 0, 2, 1, 2, 3, 2],
  [0, 0, 1, 2, 0, 3],
  [1, 2, 0, 3, 2, 0],
  [2, 1, 1, 0, 3, 0],
]

t.test('in five hundred concurrent conversations each echo is attributed rightly', async (t) => {
  const router = await startRouter(t)
  const wrong: unknown[] = []
  let judged = 0

  async function converse(user: number): Promise<void> {
    const random = randomFrom(user)
    const id = `${PAGE}-${1_000_000 + user}`
    /** Echo times of this conversation, so far apart that one answer's tail never reaches the next. */
    let clock = Date.now() - 600_000
    let isPaused = false

    const expect = (what: string, got: unknown, wanted: unknown): void => {
      judged += 1
      if (got !== wanted) wrong.push({ id, what, got, wanted })
    }
    const take = async (item: object) => (await router.deliver(delivery([item]))).json.results[0]
    const echo = async (evidence: string, message: object = {}) => {
      const row = await take(echoTo(id.slice(PAGE.length + 1), { mid: newMid(), text: 'x', ...message }, { at: clock }))
      expect('evidence', row.evidence, evidence)
      expect('author', row.author, evidence === 'none' ? 'human' : 'bot')
      if (evidence === 'none') isPaused = true
    }
    let marks = 0
    const steps = [
      async () => {
        clock += 10_000
        const count = 1 + below(random, 3)
        marks += 1
        // With parameters of its own, or a mark soon after another would be a retry.
        const query = `conversation_id=${id}&count=${count}&ttl=${60 + marks}s`
        const { json } = await router.call(`/api/mark-bot-response?${query}`, { method: 'POST' })
        expect('proceed', json.proceed, !isPaused)
        for (let i = 0; i < count; i++) await echo('flag')
        clock += below(random, 1_400)
        await echo('flag_tail')
      },
      async () => {
        clock += 10_000
        const mid = newMid()
        await echo('none', { mid })
        const again = await take(echoTo(id.slice(PAGE.length + 1), { mid, text: 'x' }, { at: clock }))
        expect('outcome', again.outcome, 'duplicate')
      },
      async () => {
        const row = await take(fromCustomer(id.slice(PAGE.length + 1), { mid: newMid(), text: 'hi' }))
        expect('reason', row.reason, isPaused ? 'bot_paused' : 'no_assistant')
      },
      async () => {
        clock = Date.now() - 11_500
        await router.call(`/api/conversations/${id}/bot`, { method: 'PUT', body: { enabled: true } })
        isPaused = false
      },
    ]
    for (const i of COURSES[user % COURSES.length]!) await steps[i]!()
    const { json } = await router.call(`/api/conversations/${id}`)
    expect('enabled', json.bot.enabled, true)
    expect('flags', json.flags, 0)
  }

  await inParallel(
    Array.from({ length: CONVERSATIONS }, (_, i) => i),
    CONVERSATIONS,
    converse,
  )
  t.same(wrong, [])
  t.ok(judged > CONVERSATIONS * 20)
  t.notOk(router.log.some(({ level }) => level >= 50))
})
