// Sends requests that were built and signed beforehand, over keep-alive connections, each as soon as the last is answered.
import { createHmac } from 'node:crypto'
import { connect } from 'node:net'

const { kind, port, count, warmup, connections, conversations, secret, token, page, round } = JSON.parse(
  process.argv[2],
)

const builders = {
  messages: (n) => delivery(n, { sender: { id: user(n) }, recipient: { id: page } }, {}),
  echoes: (n) => delivery(n, { sender: { id: page }, recipient: { id: user(n) } }, { is_echo: true }),
  marks: (n) =>
    `POST /api/mark-bot-response?conversation_id=${page}-${user(n)} HTTP/1.1\r\nhost: bench\r\n` +
    `authorization: Bearer ${token}\r\ncontent-length: 0\r\n\r\n`,
}

function user(n) {
  return `10000000000${String(n % conversations).padStart(6, '0')}`
}

function delivery(n, sides, more) {
  const message = {
    mid: `aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQxNDAwMDAwMDAwMDAx${round}OjM0MDI4MjM2Njg0MTcxMDMwMTI0NDI1${n}`,
    text: `Hello, is the blue one still there in size ${n}? I would like to come by tomorrow.`,
    ...more,
  }
  const item = { ...sides, timestamp: Date.now(), message }
  const body = JSON.stringify({ object: 'instagram', entry: [{ id: page, time: Date.now(), messaging: [item] }] })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  return (
    `POST /webhook HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n` +
    `x-hub-signature-256: sha256=${signature}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}

const requests = Array.from({ length: warmup + count }, (_, n) => Buffer.from(builders[kind](n)))
const latencies = new Float64Array(count)
let next = 0
let answered = 0
let startedAt = 0

function send(socket) {
  if (next === requests.length) return socket.end()
  socket.sentAt = performance.now()
  socket.write(requests[next++])
}

process.send({ is: 'built' })
process.once('message', () => {
  for (let i = 0; i < connections; i++) {
    const socket = connect(port, '127.0.0.1', () => send(socket))
    socket.setNoDelay(true)
    let missing = 0
    socket.on('data', (chunk) => {
      if (missing > 0) missing -= chunk.length
      else {
        const head = chunk.toString('latin1')
        if (!head.startsWith('HTTP/1.1 200')) throw new Error(`not answered with 200: ${head}`)
        const body = head.indexOf('\r\n\r\n') + 4
        missing = Number(/content-length: (\d+)/i.exec(head)[1]) - (chunk.length - body)
      }
      if (missing > 0) return
      if (answered >= warmup) latencies[answered - warmup] = performance.now() - socket.sentAt
      answered += 1
      if (answered === warmup) {
        startedAt = performance.now()
        process.send({ is: 'warm' })
      }
      if (answered === requests.length) {
        const seconds = (performance.now() - startedAt) / 1000
        latencies.sort()
        const at = (share) => latencies[Math.floor((count - 1) * share)]
        process.send({ is: 'done', perSecond: count / seconds, p50: at(0.5), p99: at(0.99) })
        process.disconnect()
      }
      send(socket)
    })
  }
})
