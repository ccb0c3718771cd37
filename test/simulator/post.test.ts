import t from 'tap'
import { answerJson, listen, type Received } from '../../src/simulator/listen.js'
import { isTaken, post } from '../../src/simulator/post.js'

const POSTING = { headers: { 'x-a': '1' }, body: '{}', attempts: 3, waitMs: 1, signal: new AbortController().signal }

t.test('a webhook is posted until it is accepted', async (t) => {
  const statuses = [500, 404, 201, 200]
  const seen: Received[] = []
  const server = await listen(0, async (received, response) => {
    seen.push(received)
    answerJson(response, statuses.shift()!, { left: statuses.length })
  })
  t.teardown(server.close)
  const made = await post(server.origin, POSTING)
  t.match(made, [
    { status: 500, body: '{"left":3}' },
    { status: 404, body: '{"left":2}' },
    { status: 201, body: '{"left":1}' },
  ])
  t.equal(made.length, 3)
  t.equal(isTaken(made), true)
  t.match(seen[0], { method: 'POST', headers: { 'x-a': '1' }, body: {} })
})

t.test('posting gives up after its attempts, and says why', async (t) => {
  const server = await listen(0, async () => {})
  await server.close()
  const made = await post(server.origin, { ...POSTING, attempts: 2, body: null })
  t.equal(made.length, 2)
  t.match(made[1], { status: 0, body: /ECONNREFUSED/ })
  t.equal(isTaken(made), false)
  t.equal(isTaken([]), false)
})

t.test('posting ends with its signal', async (t) => {
  const life = new AbortController()
  const server = await listen(0, async () => life.abort())
  t.teardown(server.close)
  await t.rejects(post(server.origin, { ...POSTING, signal: life.signal }), { name: 'AbortError' })
})
