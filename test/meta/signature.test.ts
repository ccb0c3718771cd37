import t from 'tap'
import { createVerify, sign } from '../../src/meta/signature.js'
import { signatureOf } from '../fixtures/webhooks.js'

const body = Buffer.from('{"text":"\\u0633\\/"}')
const good = signatureOf(body, 'one')
const verify = createVerify(['zero', 'one', 'two'])

t.test('any of the secrets may sign, and no other', async (t) => {
  for (const secret of ['zero', 'one', 'two']) t.ok(verify(body, signatureOf(body, secret)), secret)
  t.notOk(verify(body, signatureOf(body, 'three')))
  t.notOk(createVerify([])(body, good))
})

t.test('the signature is over the bytes as they came', async (t) => {
  t.notOk(verify(Buffer.from(JSON.stringify(JSON.parse(body.toString()))), good))
  t.notOk(verify(Buffer.concat([body, Buffer.from(' ')]), good))
  t.ok(verify(Buffer.alloc(0), signatureOf('', 'two')))
})

t.test('a signature may be in upper-case hex, and a secret in any script', async (t) => {
  t.ok(verify(body, `sha256=${good.slice(7).toUpperCase()}`))
  t.ok(createVerify(['گذرواژه'])(body, signatureOf(body, 'گذرواژه')))
})

t.test('missing, short and malformed signatures are refused', async (t) => {
  const hex = good.slice(7)
  const headers = [
    undefined,
    '',
    'sha256=',
    `sha256=${hex.slice(1)}`,
    `sha256=${hex}0`,
    `sha256=${hex.slice(1)}g`,
    `sha1=${hex.slice(0, 40)}`,
    `SHA256=${hex}`,
    hex,
    ` ${good}`,
    `${good}\n`,
    `${good}, ${good}`,
    [good],
    [good, good],
  ]
  for (const header of headers) t.notOk(verify(body, header), JSON.stringify(header))
})

t.test('a signature made here is valid for the reference implementation', async (t) => {
  t.equal(sign(body, 'one'), good)
  t.ok(verify(body, sign(body, 'two')))
})

t.test('the signature is HMAC-SHA256 whatever the lengths of the secret and the body', async (t) => {
  const wrong: string[] = []
  for (let length = 1; length <= 140; length++) {
    for (const letter of ['k', 'ذ', '🔑']) {
      const secret = letter.repeat(length)
      const bytes = Buffer.from('b'.repeat(length * 7 - 7))
      if (!createVerify([secret])(bytes, signatureOf(bytes, secret))) wrong.push(secret)
      if (createVerify([secret])(bytes, signatureOf(bytes, `${secret}k`))) wrong.push(`${secret}k`)
    }
  }
  t.same(wrong, [])
  t.ok(verify(Buffer.alloc(1024 * 1024, 'x'), signatureOf('x'.repeat(1024 * 1024), 'two')))
})
