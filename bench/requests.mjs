// Requests as Meta and Dify send them, as bytes, signed beforehand.
import { createHmac } from 'node:crypto'

export const PAGE = '17841400000000001'
export const SECRET = 'bench-secret'
export const TOKEN = 'bench-token-0123456789'

export const textOf = (n) => `Hello, is the blue one still there in size ${n}? I would like to come by tomorrow.`

/** Ids of the length that Instagram's have; each run of requests has a serial number of its own. */
export const midOf = (serial, n) =>
  `aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQxNDAwMDAwMDAwMDAx${serial}OjM0MDI4MjM2Njg0MTcxMDMwMTI0NDI1${n}`

export const userOf = (n) => `1${String(n).padStart(16, '0')}`

const builders = {
  messages: (serial, n, user) => delivery([item(serial, n, { sender: { id: user }, recipient: { id: PAGE } }, {})]),
  echoes: (serial, n, user) =>
    delivery([item(serial, n, { sender: { id: PAGE }, recipient: { id: user } }, { is_echo: true })]),
  marks: (_serial, _n, user) =>
    Buffer.from(
      `POST /api/mark-bot-response?conversation_id=${PAGE}-${user} HTTP/1.1\r\nhost: bench\r\n` +
        `authorization: Bearer ${TOKEN}\r\ncontent-length: 0\r\n\r\n`,
    ),
}

/**
 * `users` from `firstUser` on take turns. With `items` above one, each request is a delivery of as many items, and
 * `count` are the requests.
 */
export function requestsOf({ kind, serial, count, items = 1, firstUser, users }) {
  if (items === 1) {
    return Array.from({ length: count }, (_, n) => builders[kind](serial, n, userOf(firstUser + (n % users))))
  }
  const isEcho = kind === 'echoes'
  return Array.from({ length: count }, (_, r) =>
    delivery(
      Array.from({ length: items }, (_, i) => {
        const n = r * items + i
        const user = { id: userOf(firstUser + (n % users)) }
        return isEcho
          ? item(serial, n, { sender: { id: PAGE }, recipient: user }, { is_echo: true })
          : item(serial, n, { sender: user, recipient: { id: PAGE } }, {})
      }),
    ),
  )
}

function item(serial, n, sides, more) {
  return { ...sides, timestamp: Date.now(), message: { mid: midOf(serial, n), text: textOf(n), ...more } }
}

function delivery(messaging) {
  const body = JSON.stringify({ object: 'instagram', entry: [{ id: PAGE, time: Date.now(), messaging }] })
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  return Buffer.from(
    `POST /webhook HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n` +
      `x-hub-signature-256: sha256=${signature}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
