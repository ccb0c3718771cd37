import t from 'tap'
import { DELIVERY, HANDSHAKE } from '../../src/meta/webhook-described.js'

t.test('the webhook’s answers are in the OpenAPI document', async (t) => {
  t.same(Object.keys(HANDSHAKE.response), ['200', '400', '403'])
  t.same(Object.keys(DELIVERY.response), ['200', '400', '401', '413', '429', '503'])
})
