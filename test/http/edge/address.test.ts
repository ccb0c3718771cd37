import t from 'tap'
import { addressOf } from '../../../src/http/edge/address.js'

const from = (ip: string | undefined, remoteAddress: string | undefined = '127.0.0.1') =>
  addressOf({ ip, socket: { remoteAddress } } as Parameters<typeof addressOf>[0])

t.test('an address is an address', async (t) => {
  for (const ip of ['10.0.0.1', '::1', '2001:db8::7', '::ffff:10.0.0.1']) t.equal(from(ip), ip)
})

t.test('a forwarded text that is no address gives way to the socket’s address', async (t) => {
  const zone = `fe80::1%${'z'.repeat(17_000)}`
  for (const ip of [
    '',
    'unknown',
    '10.0.0.1:80',
    '10.0.0.1, 10.0.0.2',
    'x'.repeat(17_000),
    zone,
    'fe80::1%a',
    undefined,
  ]) {
    t.equal(from(ip), '127.0.0.1', String(ip).slice(0, 20))
  }
  t.equal(addressOf({ ip: 'x', socket: {} } as Parameters<typeof addressOf>[0]), 'unknown')
})
