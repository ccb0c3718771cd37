import t from 'tap'
import { bodyOf, decodeNotification, encodeNotification } from '../../../src/store/redis/notification-row.js'

t.test('a notification is read as it was written', async (t) => {
  const body = '{"text":"first\\nsecond [\\"1-2\\"]"}\n'
  const text = encodeNotification('1-2', { id: 'msg_"1"', target: 'цель\n', at: 1.5, body })
  t.same(decodeNotification('7:1-0', text), { key: '7:1-0', subject: '1-2', target: 'цель\n', id: 'msg_"1"', at: 1.5 })
  t.equal(bodyOf(text), body)
})

t.test('a row begins with a character and its subject, by which erasing finds it', async (t) => {
  t.match(encodeNotification('1-2', { id: '', target: '', at: 0, body: '' }), /^.\["1-2"/)
})
