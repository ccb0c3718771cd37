import t from 'tap'
import { createSeal } from '../../src/meta/seal.js'

const TEXT = '{"token": "IGAA-secret", "سلام": "✓"}'

t.test('what one secret closed only that one opens, for the same channel', async (t) => {
  const seal = createSeal(['first-secret'])
  const sealed = seal.close('1', TEXT)
  t.match(sealed, /^v1\.[\w-]+$/)
  t.same(seal.open('1', sealed), { text: TEXT, isOld: false })
  t.same(createSeal(['first-secret']).open('1', sealed), { text: TEXT, isOld: false }, 'in another process')
  t.equal(seal.open('11', sealed), null, 'not for another channel')
  t.equal(createSeal(['another-secret']).open('1', sealed), null)
  t.not(seal.close('1', TEXT), sealed, 'never the same twice')
  t.notMatch(Buffer.from(sealed.slice(3), 'base64url').toString('latin1'), 'IGAA')
  t.same(seal.open('1', seal.close('1', '')), { text: '', isOld: false })
})

t.test('the first secret closes, any of them opens, and says so', async (t) => {
  const old = createSeal(['old-secret']).close('1', TEXT)
  const rotated = createSeal(['new-secret', 'old-secret'])
  t.same(rotated.open('1', old), { text: TEXT, isOld: true })
  const anew = rotated.close('1', TEXT)
  t.same(rotated.open('1', anew), { text: TEXT, isOld: false })
  t.same(createSeal(['new-secret']).open('1', anew), { text: TEXT, isOld: false })
  t.equal(createSeal(['old-secret']).open('1', anew), null)
})

t.test('a changed or foreign text is not opened', async (t) => {
  const seal = createSeal(['first-secret'])
  const sealed = seal.close('1', TEXT)
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    t.equal(seal.open('1', `v1.${changed.toString('base64url')}`), null, `byte ${at}`)
  }
  for (const text of ['', 'v1.', 'v1.AAAA', `v2.${sealed.slice(3)}`, TEXT, sealed.slice(0, -4), 'v1.!!!']) {
    t.equal(seal.open('1', text), null, text)
  }
})
