// The least that a webhook can cost in Node: check the signature, parse, answer.
import { createServer } from 'node:http'
import { announce, answerTo } from './signature.mjs'

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
    const answer = answerTo(body, request.headers['x-hub-signature-256'])
    if (answer === null) {
      response.writeHead(401).end()
      return
    }
    const text = JSON.stringify(answer)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    response.end(text)
  })
})
server.listen(0, '127.0.0.1', () => announce(server.address()))
