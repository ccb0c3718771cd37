// The heap of a server after a full collection, asked through Node's inspector.
import { WebSocket } from 'ws'

export const INSPECTED = ['--inspect=127.0.0.1:0']

export async function heapAfterCollection({ errorsSoFar }) {
  const url = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(errorsSoFar())[0]
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  let id = 0
  const ask = (method, params = {}) =>
    new Promise((resolve) => {
      id += 1
      const own = id
      socket.on('message', function take(data) {
        const answer = JSON.parse(String(data))
        if (answer.id !== own) return
        socket.off('message', take)
        resolve(answer.result)
      })
      socket.send(JSON.stringify({ id: own, method, params }))
    })
  await ask('HeapProfiler.collectGarbage')
  const expression = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())'
  const { result } = await ask('Runtime.evaluate', { expression })
  socket.close()
  return result.value
}
