import t from 'tap'
import { folded, hueOf, initials, siteOf, webAddress } from '../../../src/console/view/links.js'

t.test('only web addresses become links', async (t) => {
  t.equal(webAddress('https://cdn.example/a b.jpg'), 'https://cdn.example/a%20b.jpg')
  t.equal(webAddress('HTTP://x.y'), 'http://x.y/')
  for (const url of [
    null,
    '',
    'picture.jpg',
    '//x.y',
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'data:image/png,x',
    'file:a',
  ]) {
    t.equal(webAddress(url), null, String(url))
  }
  t.equal(siteOf('https://www.instagram.com/p/1'), 'instagram.com')
})

t.test('long texts are folded without cutting a character', async (t) => {
  t.same(folded('x'.repeat(1500)), { shown: 'x'.repeat(1500), isFolded: false })
  const { shown, isFolded } = folded(`${'x'.repeat(1199)}${'😀'.repeat(200)}`)
  t.ok(isFolded)
  t.equal(shown, `${'x'.repeat(1199)}…`)
})

t.test('a customer without a picture has initials and a colour', async (t) => {
  for (const [name, letters] of [
    ['Mina Karimi', 'MK'],
    ['@mina.k', 'MK'],
    ['سارا', 'س'],
    ['😀', '😀'],
    ['2001', '2'],
    ['', ''],
  ] as const) {
    t.equal(initials(name), letters)
  }
  t.equal(hueOf('1-2', 6), hueOf('1-2', 6))
  t.ok(new Set(Array.from({ length: 50 }, (_, i) => hueOf(`1-${i}`, 6))).size === 6)
})
