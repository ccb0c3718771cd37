import t from 'tap'
import { completeFile, completeLink, fileKey, isAddress, saysTheSame, shownLink } from '../../src/answer/address.js'

const BASE = 'https://dify.example/v1'

t.test('a link is completed where it begins at the root of Dify', async (t) => {
  for (const [address, base, whole] of [
    ['https://a.b/c', BASE, 'https://a.b/c'],
    ['tel:+49', BASE, 'tel:+49'],
    ['/files/a', BASE, 'https://dify.example/files/a'],
    ['./files/a', BASE, 'https://dify.example/files/a'],
    ['//a.b/c', BASE, 'https://a.b/c'],
    ['a.b/c', BASE, 'a.b/c'],
    ['page', BASE, 'page'],
    ['#part', BASE, '#part'],
    ['/files/a', null, '/files/a'],
  ] as const) {
    t.equal(completeLink(address, base), whole)
  }
})

t.test('a file has an address that Meta can fetch, or none', async (t) => {
  for (const [address, base, whole] of [
    ['HTTPS://a.b/c.png', null, 'HTTPS://a.b/c.png'],
    ['/c.png', BASE, 'https://dify.example/c.png'],
    ['c.png', BASE, 'https://dify.example/c.png'],
    ['files/c.png', BASE, 'https://dify.example/files/c.png'],
    ['a.b/c.png', BASE, 'https://a.b/c.png'],
    ['/c.png', null, null],
    ['', BASE, null],
    ['data:image/png;base64,AA', BASE, null],
    ['file:/etc/passwd', BASE, null],
    ['http://', BASE, null],
    [`https://a.b/${'x'.repeat(2_048)}`, BASE, null],
  ] as const) {
    t.equal(completeFile(address, base), whole)
  }
})

t.test('an address is shown without mailto, and a label that only repeats it is recognised', async (t) => {
  t.strictSame(['mailto:a@b.c', 'TEL:+1', 'https://a.b'].map(shownLink), ['a@b.c', '+1', 'https://a.b'])
  for (const label of ['https://a.b', ' A.b ', 'www.a.b/', 'http://a.b//'])
    t.ok(saysTheSame(label, 'https://a.b/'), label)
  t.notOk(saysTheSame('a.b/c', 'https://a.b/'))
})

t.test('a file is the same whenever Dify signed it', async (t) => {
  const signed = (at: number) => `https://d.e/files/a.png?as_attachment=true&timestamp=${at}&nonce=${at}&sign=${at}`
  t.equal(fileKey(signed(1)), fileKey(signed(2)))
  t.not(fileKey('https://d.e/a?timestamp=1'), fileKey('https://d.e/a?timestamp=2'), 'others tell files apart by it')
})

t.test('what is an address is told from mere words', async (t) => {
  for (const text of ['https://a.b', 'ftp://a', 'a.b/c', 'www.a.b', 'a+b@c.d']) t.ok(isAddress(text), text)
  for (const text of ['a', '/a', '#a', '**a**', 'a:b', 'a@b']) t.notOk(isAddress(text), text)
})
