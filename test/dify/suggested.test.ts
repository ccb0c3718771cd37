import t from 'tap'
import type { Assistant } from '../../src/conversation/channel.js'
import { createSuggest } from '../../src/dify/suggested.js'

const DIFY: Assistant = { url: 'https://dify.example/v1', key: 'k', app: 'chat', replies: 'router', inputs: {} }

t.test('suggested questions are asked for with the customer’s name', async (t) => {
  const suggest = createSuggest(async (_assistant, request, timeoutMs) => {
    t.strictSame([request, timeoutMs], [{ method: 'GET', path: '/messages/m%2F1/suggested?user=1-2', body: null }, 7])
    return { status: 200, body: { result: 'success', data: ['And in blue?', '', 7, ' More '] } }
  }, 7)
  t.strictSame(await suggest(DIFY, '1-2', 'm/1'), ['And in blue?', 'More'])
})

t.test('whatever else Dify says is no suggestion', async (t) => {
  for (const answer of [
    null,
    { status: 400, body: { data: ['x'] } },
    { status: 200, body: null },
    { status: 200, body: {} },
  ]) {
    t.strictSame(await createSuggest(async () => answer, 1)(DIFY, '1-2', 'm'), [])
  }
})
