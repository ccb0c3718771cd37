import t from 'tap'
import { DELIVERY, HANDSHAKE } from '../../src/meta/webhook-described.js'

t.test('Meta’s door says what it answers to whom', async (t) => {
  t.same(Object.keys(HANDSHAKE.response), ['200', '400', '403'])
  t.same(Object.keys(DELIVERY.response), ['200', '400', '401', '413', '429', '503'])
})
