// WebSocket clients that follow all conversations, in a process of their own. Reports when each has received a number of frames.
import { once } from 'node:events'
import { WebSocket } from 'ws'

const { port, token, clients } = JSON.parse(process.argv[2])
let frames = 0
let wanted = Number.POSITIVE_INFINITY

function tellWhenDone() {
  if (frames < wanted) return
  wanted = Number.POSITIVE_INFINITY
  process.send({ is: 'heard' })
}

for (let i = 0; i < clients; i++) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: { authorization: `Bearer ${token}` } })
  socket.on('message', () => {
    frames += 1
    tellWhenDone()
  })
  await once(socket, 'open')
}
process.send({ is: 'listening' })
process.on('message', ({ each }) => {
  frames = 0
  wanted = each * clients
})
