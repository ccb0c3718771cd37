import t, { type Test } from 'tap'
import { createDifyClient } from '../../src/dify/client.js'
import { type Answer, json, pretend } from './server.js'

/** What Dify lists at each look, or how it fails to, and how it answers each deletion. */
async function forgetting(
  t: Test,
  listed: readonly (readonly string[] | 'refused' | 'cut' | 'empty')[],
  deletions: Readonly<Record<string, readonly number[]>> = {},
) {
  let looks = 0
  const left = Object.fromEntries(Object.entries(deletions).map(([id, statuses]) => [id, [...statuses]]))
  const reply: Answer = ({ method, url }, response) => {
    if (method === 'DELETE') return void response.writeHead(left[url.split('/').at(-1)!]?.shift() ?? 204).end()
    const ids = listed[Math.min(looks++, listed.length - 1)]!
    if (ids === 'cut') return void response.destroy()
    if (ids === 'empty') return void response.writeHead(200).end()
    return ids === 'refused'
      ? json(response, 503, {})
      : json(response, 200, { data: [{}, ...ids.map((id) => ({ id }))] })
  }
  const dify = await pretend(t, reply)
  const client = createDifyClient({ now: Date.now, forgetAgainMs: 1, briefMs: 2_000 })
  t.teardown(() => client.close())
  const calls = () => dify.asked.map(({ method, url }) => `${method} ${url.replace('/v1/conversations', '')}`)
  return { ...dify, client, calls }
}

const LOOK = 'GET ?user=1-2&limit=100'

t.test('all of a customer’s conversations at Dify are deleted, also one that is not listed', async (t) => {
  const { client, assistant, calls, asked } = await forgetting(t, [['a', 'b/1']])
  t.equal(await client.forget(assistant('chat'), '1-2', 'c'), true)
  t.same(calls(), [LOOK, 'DELETE /c', 'DELETE /a', 'DELETE /b%2F1'])
  t.same(asked[1]!.body, { user: '1-2' })
})

t.test('a conversation that is listed twice or already deleted is no failure', async (t) => {
  const { client, assistant, calls } = await forgetting(t, [['a']], { a: [404] })
  t.equal(await client.forget(assistant('chat'), '1-2', 'a'), true)
  t.same(calls(), [LOOK, 'DELETE /a'])
})

t.test('a Dify that cannot is asked again', async (t) => {
  const { client, assistant, calls } = await forgetting(t, ['cut', ['a', 'b']], { a: [503] })
  t.equal(await client.forget(assistant('chat'), '1-2', null), true)
  t.same(calls(), [LOOK, LOOK, 'DELETE /a', 'DELETE /b', LOOK, 'DELETE /a', 'DELETE /b'])
})

t.test('more conversations than Dify lists at once are deleted in several rounds', async (t) => {
  const many = Array.from({ length: 100 }, (_, i) => `c${i}`)
  const { client, assistant, calls } = await forgetting(t, [many, ['last']])
  t.equal(await client.forget(assistant('chat'), '1-2', null), true)
  t.equal(calls().length, 103)
})

t.test('forgetting gives up after three attempts, each of which tries the known conversation', async (t) => {
  const { client, assistant, calls } = await forgetting(t, ['refused', 'empty', 'cut'])
  t.equal(await client.forget(assistant('chat'), '1-2', 'c'), false)
  t.same(calls(), [LOOK, 'DELETE /c', LOOK, 'DELETE /c', LOOK, 'DELETE /c'])
})

t.test('a workflow has no conversations', async (t) => {
  const { client, assistant, calls } = await forgetting(t, [['a']])
  t.equal(await client.forget(assistant('workflow'), '1-2', null), true)
  t.same(calls(), [])
})
