import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { keyOf, signedHeaders } from '../../src/notify/sign.js'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

t.test('the specification’s own example', async (t) => {
  const body = '{"test": 2432232314}'
  t.strictSame(signedHeaders(keyOf(SECRET), 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_999, body), {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

t.test('the library that receivers use takes it, and nothing that was changed', async (t) => {
  const body = JSON.stringify({ type: 'message.sent', data: { text: 'سلام 👋' } })
  const headers = signedHeaders(keyOf(SECRET), 'msg_1', Date.now(), body)
  t.strictSame(new Webhook(SECRET).verify(body, headers), JSON.parse(body))
  t.throws(() => new Webhook(SECRET).verify(body.replace('sent', 'read'), headers))
  t.throws(() => new Webhook(SECRET).verify(body, { ...headers, 'webhook-id': 'msg_2' }))
  t.throws(() => new Webhook('whsec_YWJj').verify(body, headers))
  const old = signedHeaders(keyOf(SECRET), 'msg_1', Date.now() - 3_600_000, body)
  t.throws(() => new Webhook(SECRET).verify(body, old), 'one that was kept and sent again')
})
