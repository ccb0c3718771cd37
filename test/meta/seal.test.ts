import t from 'tap'
import { createSeal } from '../../src/meta/seal.js'

const TEXT = '{"token": "IGAA-secret", "سلام": "✓"}'

const EXACT = { text: TEXT, lacksAKey: false, hasOtherKeys: false }

t.test('what one secret closed only that one opens, for the same channel', async (t) => {
  const seal = createSeal(['first-secret'])
  const sealed = seal.close('1', TEXT)
  t.match(sealed, /^v1\.[\w-]+$/)
  t.same(seal.open('1', sealed), EXACT)
  t.same(createSeal(['first-secret']).open('1', sealed), EXACT, 'in another process')
  t.equal(seal.open('11', sealed), null, 'not for another channel')
  t.equal(createSeal(['another-secret']).open('1', sealed), null)
  t.not(seal.close('1', TEXT), sealed, 'never the same twice')
  t.notMatch(Buffer.from(sealed.slice(3), 'base64url').toString('latin1'), 'IGAA')
  t.same(seal.open('1', seal.close('1', '')), { ...EXACT, text: '' })
})

t.test('any of the secrets opens it, so that any may go', async (t) => {
  const both = createSeal(['old-secret', 'new-secret'])
  const sealed = both.close('1', TEXT)
  t.same(both.open('1', sealed), EXACT)
  t.same(createSeal(['new-secret', 'old-secret']).open('1', sealed), EXACT, 'in any order')
  for (const secret of ['old-secret', 'new-secret']) {
    t.same(createSeal([secret]).open('1', sealed), { ...EXACT, hasOtherKeys: true })
    const ofOne = createSeal([secret]).close('1', TEXT)
    t.same(both.open('1', ofOne), { ...EXACT, lacksAKey: true }, 'it has to be closed again')
  }
  t.same(createSeal(['newest-secret', 'new-secret']).open('1', sealed), {
    ...EXACT,
    lacksAKey: true,
    hasOtherKeys: true,
  })
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
  for (const text of [
    '',
    'v1',
    'v1.',
    'v1.AAAA',
    'v1...',
    `v2.${sealed.slice(3)}`,
    TEXT,
    sealed.slice(0, -4),
    'v1.!!!',
  ]) {
    t.equal(seal.open('1', text), null, text)
  }
})
