import t from 'tap'
import { isPrivateAddress, isPrivateHost, publicLookup } from '../../src/meta/private-address.js'

t.test('which addresses are within a network of one’s own', async (t) => {
  for (const address of [
    ...[
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '127.9.9.9',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
    ],
    ...['192.0.0.8', '192.168.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::127.0.0.1',
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '64:ff9b::7f00:1',
      'fc00::1',
      'fd12::1',
      'fe80::1',
    ],
    ...['ff02::1', '2002:7f00:1::', '64:ff9b:1::a00:1', 'fec0::1'],
  ]) {
    t.equal(isPrivateAddress(address), true, address)
  }
  for (const address of [
    '8.8.8.8',
    '172.32.0.1',
    '192.169.0.1',
    '223.255.255.255',
    '2606:4700::1',
    'example.com',
    '',
  ]) {
    t.equal(isPrivateAddress(address), false, address)
  }
})

t.test('a host is told by its number in every spelling, and by the names of the machine itself', async (t) => {
  for (const address of [
    ...['http://127.0.0.1:80/', 'http://127.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://[::1]:8080/'],
    ...[
      'http://[::ffff:127.0.0.1]/',
      'http://localhost/',
      'http://LOCALHOST./',
      'http://a.localhost/',
      'http://10.0.0.1./',
    ],
  ]) {
    t.equal(isPrivateHost(new URL(address)), true, address)
  }
  for (const address of ['https://cdn.example/', 'https://8.8.8.8/', 'https://localhost.example/']) {
    t.equal(isPrivateHost(new URL(address)), false, address)
  }
})

t.test('a name is resolved for a connection, unless it has a private address', async (t) => {
  const found = { 'cdn.example': ['8.8.8.8', '2606:4700::1'], 'rebound.example': ['8.8.8.8', '10.0.0.1'] }
  const lookup = publicLookup((hostname, options, done) => {
    t.equal(options.all, true)
    const addresses = found[hostname as keyof typeof found]
    if (addresses === undefined) done(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), [])
    else
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
  })
  const looked = (hostname: string, all: boolean): unknown => {
    let told: unknown
    lookup(hostname, { all }, (error, address, family) => {
      told = error === null ? [address, family] : error.code
    })
    return told
  }
  t.strictSame(looked('cdn.example', false), ['8.8.8.8', 4])
  t.strictSame(looked('cdn.example', true), [
    [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ],
    undefined,
  ])
  t.equal(looked('rebound.example', true), 'private_address')
  t.equal(looked('rebound.example', false), 'private_address')
  t.equal(looked('nowhere.example', false), 'ENOTFOUND')
})

t.test('the system’s own resolver is asked', async (t) => {
  const code = await new Promise((resolve) => {
    publicLookup()('localhost', { all: true }, (error) => resolve(error?.code))
  })
  t.equal(code, 'private_address')
})
