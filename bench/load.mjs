// The load generator, a process of its own. It takes one job after the other: builds the requests, connects, says that
// it is ready, and sends when told to. Without `perSecond` each connection sends as soon as its last request is
// answered (closed loop). With it, requests fall due at even times whatever the server does, and a request's time counts
// from when it was due, so that a server that stands still is not spared the requests that it kept from being sent. The
// first of them set up the connections, which Meta keeps open for long: they are sent and not counted.
import { once } from 'node:events'
import { connect } from 'node:net'
import { requestsOf } from './requests.mjs'
import { percentile } from './statistics.mjs'

const UNCOUNTED_SECONDS = 0.2

let prepared = null

process.on('message', async (message) => {
  if (message.is === 'go') {
    process.send({ is: 'done', ...(await send(prepared)) })
    return
  }
  const { job } = message
  prepared = {
    perSecond: job.perSecond,
    // With `isSticky`, the n-th server gets the requests of the n-th customer: their number is a multiple of the servers'.
    queues: job.isSticky ? job.ports.length : 1,
    requests: requestsOf(job),
    sockets: await Promise.all(
      Array.from({ length: job.connections }, (_, i) => connected(job.ports[i % job.ports.length])),
    ),
  }
  process.send({ is: 'ready' })
})

async function send({ requests, sockets, perSecond, queues }) {
  const times = new Float64Array(requests.length)
  const startedAt = performance.now()
  if (perSecond === undefined) await closedLoop(sockets, requests, times, queues)
  else await openLoop(sockets, requests, times, perSecond, startedAt)
  const seconds = (performance.now() - startedAt) / 1000
  for (const socket of sockets) socket.end()
  const counted = times.subarray(perSecond === undefined ? 0 : Math.floor(perSecond * UNCOUNTED_SECONDS)).sort()
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(counted, share))
  return { perSecond: requests.length / seconds, p50, p99, most }
}

async function connected(port) {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await once(socket, 'connect')
  return socket
}

function closedLoop(sockets, requests, times, queues) {
  const next = Array.from({ length: queues }, (_, i) => i)
  let answered = 0
  return new Promise((resolve) => {
    for (const [i, socket] of sockets.entries()) {
      const queue = i % queues
      let n = 0
      let sentAt = 0
      const send = () => {
        if (next[queue] >= requests.length) return
        n = next[queue]
        next[queue] += queues
        sentAt = performance.now()
        socket.write(requests[n])
      }
      onAnswer(socket, () => {
        times[n] = performance.now() - sentAt
        answered += 1
        if (answered === requests.length) resolve()
        else send()
      })
      send()
    }
  })
}

function openLoop(sockets, requests, times, perSecond, startedAt) {
  const dueAt = (n) => startedAt + (n * 1000) / perSecond
  const idle = [...sockets]
  let next = 0
  let answered = 0
  return new Promise((resolve) => {
    const sent = new Map()
    const sendDue = () => {
      while (idle.length > 0 && next < requests.length && dueAt(next) <= performance.now()) {
        const socket = idle.pop()
        sent.set(socket, next)
        socket.write(requests[next])
        next += 1
      }
    }
    for (const socket of sockets) {
      onAnswer(socket, () => {
        const n = sent.get(socket)
        times[n] = performance.now() - dueAt(n)
        answered += 1
        idle.push(socket)
        if (answered === requests.length) resolve()
        else sendDue()
      })
    }
    const tick = () => {
      sendDue()
      if (next < requests.length) setTimeout(tick, 1)
    }
    tick()
  })
}

function onAnswer(socket, done) {
  let missing = 0
  socket.on('data', (chunk) => {
    if (missing > 0) missing -= chunk.length
    else {
      const head = chunk.toString('latin1')
      if (!head.startsWith('HTTP/1.1 200')) throw new Error(`not answered with 200: ${head}`)
      const body = head.indexOf('\r\n\r\n') + 4
      missing = Number(/content-length: (\d+)/i.exec(head)[1]) - (chunk.length - body)
    }
    if (missing === 0) done()
  })
}
