// What every floor does with a delivery: the signature is checked over the raw bytes, and the body is parsed.
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'

const key = createSecretKey(Buffer.from(process.env.META_APP_SECRETS))

/** The answer's body, or null for a wrong signature. */
export function answerTo(body, header) {
  const given = Buffer.from(String(header).slice(7), 'hex')
  const wanted = createHmac('sha256', key).update(body).digest()
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
  const { object } = JSON.parse(body.toString('utf8'))
  return { status: 'success', object }
}

/** Says where it listens as the router does, and ends as it does. */
export function announce(address) {
  process.on('SIGTERM', () => process.exit())
  console.log(JSON.stringify({ msg: `listening on http://127.0.0.1:${address.port}` }))
}
