import t from 'tap'
import type { Assistant } from '../../src/conversation/channel.js'
import type { Feedback } from '../../src/conversation/state/message.js'
import { createRate } from '../../src/dify/rate.js'

const DIFY: Assistant = { url: 'https://dify.example/v1', key: 'k', app: 'chat', replies: 'router', inputs: {} }

const feedback = (rating: Feedback['rating'], comment: string | null): Feedback => ({ rating, comment, at: 1 })

t.test('a rating is sent to Dify with the customer’s id and the comment', async (t) => {
  const asked: unknown[] = []
  const rate = createRate(async (_assistant, request, timeoutMs) => {
    asked.push([request, timeoutMs])
    return { status: 200, body: null }
  }, 7)
  t.equal(await rate(DIFY, '1-2', 'm/1', feedback('positive', null)), true)
  t.equal(await rate(DIFY, '1-2', 'm', feedback('negative', 'too late')), true)
  t.equal(await rate(DIFY, '1-2', 'm', null), true)
  const to = (path: string, rating: string | null, content: string) => [
    { method: 'POST', path, body: { rating, user: '1-2', content } },
    7,
  ]
  t.same(asked, [
    to('/messages/m%2F1/feedbacks', 'like', ''),
    to('/messages/m/feedbacks', 'dislike', 'too late'),
    to('/messages/m/feedbacks', null, ''),
  ])
})

t.test('feedback that Dify refuses or does not answer is reported as not taken', async (t) => {
  for (const answer of [null, { status: 404, body: null }, { status: 500, body: null }]) {
    t.equal(await createRate(async () => answer, 1)(DIFY, '1-2', 'm', null), false)
  }
})
