import { createHmac } from 'node:crypto'
import t from 'tap'
// @ts-expect-error a plain script without types
import { requestsOf, SECRET } from '../../bench/requests.mjs'

interface Sent {
  readonly head: string
  readonly body: string
}

const sent = (job: object): readonly Sent[] =>
  requestsOf({ serial: 1, ...job }).map((request: Buffer) => {
    const [head = '', body = ''] = request.toString('utf8').split('\r\n\r\n')
    return { head, body }
  })

t.test('customers take turns, no message id occurs twice, and every delivery is signed', async (t) => {
  const requests = sent({ kind: 'messages', count: 4, firstUser: 7, users: 2 })
  const items = requests.map(({ body }) => JSON.parse(body).entry[0].messaging[0])
  t.same(
    items.map(({ sender }) => Number(sender.id.slice(1))),
    [7, 8, 7, 8],
  )
  t.equal(new Set(items.map(({ message }) => message.mid)).size, 4)
  for (const { head, body } of requests) {
    t.match(head, `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`)
    t.match(head, `content-length: ${Buffer.byteLength(body)}`)
  }
})

t.test('a delivery of many items has customers one after the other, and echoes go the other way', async (t) => {
  const [first, second] = sent({ kind: 'echoes', count: 2, items: 3, firstUser: 1, users: 6 })
  const itemsOf = ({ body }: Sent) => JSON.parse(body).entry[0].messaging
  const recipients = [...itemsOf(first!), ...itemsOf(second!)].map(({ recipient }) => Number(recipient.id.slice(1)))
  t.same(recipients, [1, 2, 3, 4, 5, 6])
  t.equal(itemsOf(first!)[0].message.is_echo, true)
})

t.test('a mark has no body and no signature', async (t) => {
  const [mark] = sent({ kind: 'marks', count: 1, firstUser: 3, users: 1 })
  t.match(mark!.head, /^POST \/api\/mark-bot-response\?conversation_id=\d+-10+3 HTTP/)
  t.match(mark!.head, 'content-length: 0')
  t.equal(mark!.body, '')
})
