import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Router, startRouter } from '../fixtures/process.js'
import { startRedis } from '../fixtures/redis-servers.js'
import type { Changes } from '../fixtures/settings.js'
import { conversationOf, messagesOf, openShop, QUICK, until } from '../fixtures/shop.js'
import { untilReady } from '../fixtures/traffic.js'
import { delivery, echoTo, fromCustomer, newMid, PAGE } from '../fixtures/webhooks.js'

/**
 * Workflows that mark first and think afterwards, as shops have them, and a person who writes at ten points of time
 * before, during and after the run.
 */

const RUN_MS = 700
const MARK_MS = 50
const SEND_MS = 480
/** Counted from the run's beginning. */
const POINTS = [0, 25, 90, 180, 300, 420, 500, 560, 680, 850]
const PERSON = 'let me see'

/** When the router learns what the run says: as it is streamed, or from its outputs at the end. */
type Words = 'streamed' | 'late'

interface Workflow {
  readonly url: string
  /** When a customer's run began. */
  readonly begun: Map<string, number>
}

/** A Dify whose workflow marks, thinks, sends to Meta by itself and ends; it does not ask, and cannot be stopped. */
async function startWorkflow(
  t: Test,
  words: Words,
  routers: () => readonly Router[],
  sendEcho: Send,
): Promise<Workflow> {
  const begun = new Map<string, number>()
  const write = (response: ServerResponse, event: object): void => {
    response.write(`data: ${JSON.stringify({ task_id: 'task', workflow_run_id: 'run', ...event })}\n\n`)
  }
  const run = async (user: string, response: ServerResponse): Promise<void> => {
    begun.set(user, Date.now())
    const answer = `It costs ${user.slice(-1)}`
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    write(response, { event: 'workflow_started', data: { id: 'run' } })
    await sleep(MARK_MS)
    const id = user
    await routers()[begun.size % routers().length]!.call(`/api/mark-bot-response?conversation_id=${id}`, {
      method: 'POST',
    })
    await sleep(SEND_MS - MARK_MS - 250)
    if (words === 'streamed') write(response, { event: 'text_chunk', data: { text: answer } })
    await sleep(250)
    await sendEcho(user.split('-')[1]!, answer)
    await sleep(RUN_MS - SEND_MS)
    write(response, { event: 'workflow_finished', data: { id: 'run', status: 'succeeded', outputs: { answer } } })
    response.end()
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      if (request.url !== '/v1/workflows/run') return response.end('{}')
      return void run(JSON.parse(body).user, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, begun }
}

type Send = (user: string, text: string) => Promise<void>

/** A person writes at one of the points; resolves when the run's end must have been heard. */
async function meet(workflow: Workflow, user: string, point: number, routers: readonly Router[]): Promise<void> {
  const one = routers[point % routers.length]!
  await one.deliver(delivery([fromCustomer(user, { mid: newMid(), text: 'what does it cost?' })]))
  const began = await until(() => workflow.begun.get(`${PAGE}-${user}`))
  await sleep(Math.max(0, began! + point - Date.now()))
  const other = routers[(point + 1) % routers.length]!
  await other.deliver(delivery([echoTo(user, { mid: newMid(), text: PERSON })]))
}

async function assertSelfSending(t: Test, words: Words, changes: Changes, count: number): Promise<void> {
  const routers: Router[] = []
  let sent = 0
  const workflow = await startWorkflow(
    t,
    words,
    () => routers,
    async (user, text) => {
      sent += 1
      await routers[sent % routers.length]!.deliver(delivery([echoTo(user, { mid: newMid(), text })]))
    },
  )
  const settings = {
    DIFY_URL: workflow.url,
    DIFY_KEY: 'key',
    DIFY_APP: 'workflow',
    REPLIES: 'dify',
    ...QUICK,
    ...changes,
  }
  for (let i = 0; i < count; i++) routers.push(await startRouter(t, settings))
  await Promise.all(routers.map(untilReady))
  const users = POINTS.map((_, i) => `${7_000 + i}`)
  await Promise.all(users.map((user, i) => meet(workflow, user, POINTS[i]!, routers)))
  for (const [i, user] of users.entries()) {
    const at = `${POINTS[i]} ms`
    const rows = async () => (await messagesOf(routers[0]!, `${PAGE}-${user}`)).slice(1)
    const said = await until(
      rows,
      (found) =>
        found.length === 2 && found.every(({ type, content }) => (type === 'support') === (content === PERSON)),
    )
    t.same(said.map(({ content }) => content).sort(), [`It costs ${user.slice(-1)}`, PERSON], at)
    t.match((await conversationOf(routers[0]!, `${PAGE}-${user}`)).bot, { enabled: false, reason: 'human_echo' }, at)
  }
}

const server = await startRedis()
t.teardown(() => server.stop())
const replicated = (prefix: string): Changes => ({ REDIS_URL: server.url, REDIS_PREFIX: prefix })

for (const words of ['streamed', 'late'] as const) {
  t.test(`a workflow that sends by itself, its words ${words}: everybody is known in the end`, async (t) => {
    await assertSelfSending(t, words, {}, 1)
  })
  t.test(`… and over two replicas, its words ${words}`, async (t) => {
    await assertSelfSending(t, words, replicated(`ff-${words}`), 2)
  })
}

for (const count of [1, 2]) {
  t.test(`a chatflow whose answer the router sends never talks over a person (${count} process)`, async (t) => {
    const shop = await openShop(t, { app: { kind: 'chatflow' } })
    const routers: Router[] = []
    for (let i = 0; i < count; i++) routers.push(await shop.start(count === 1 ? {} : replicated('ff-router')))
    await Promise.all(routers.map(untilReady))
    shop.dify.always({ key: 'app-1', fault: { chunkDelayMs: 150 } })
    const users = POINTS.map((_, i) => `${8_000 + i}`)
    const heardAt = new Map<string, number>()
    const one = async (user: string, i: number): Promise<void> => {
      shop.listen(routers[i % count]!)
      const router = routers[i % count]!
      const other = routers[(i + 1) % count]!
      await router.deliver(delivery([fromCustomer(user, { mid: newMid(), text: 'what does it cost?' })]))
      await until(() => shop.dify.calls.some(({ user: of }) => of === `${PAGE}-${user}`))
      const mark = await other.call(`/api/mark-bot-response?conversation_id=${PAGE}-${user}`, { method: 'POST' })
      t.match(mark.json, { flag: 'not_needed', proceed: true })
      await sleep(POINTS[i]!)
      const { json } = await other.deliver(delivery([echoTo(user, { mid: newMid(), text: PERSON })]))
      heardAt.set(user, Date.now())
      t.match(json.results[0], { author: 'human', evidence: 'none' }, `${POINTS[i]} ms`)
    }
    await Promise.all(users.map(one))
    await sleep(1_500)
    for (const user of users) {
      t.match((await conversationOf(routers[0]!, `${PAGE}-${user}`)).bot, { enabled: false, reason: 'human_echo' })
      const late = shop.graph.sends.filter(({ recipient, at }) => recipient === user && at > heardAt.get(user)! + 50)
      t.same(late, [], 'nothing of the bot after the person')
    }
  })
}
