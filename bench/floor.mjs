// The least that a webhook can cost: check the signature, parse, answer.
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const key = createSecretKey(Buffer.from(process.env.META_APP_SECRETS))

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
    const given = Buffer.from(String(request.headers['x-hub-signature-256']).slice(7), 'hex')
    const wanted = createHmac('sha256', key).update(body).digest()
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      response.writeHead(401).end()
      return
    }
    const { object } = JSON.parse(body.toString('utf8'))
    const answer = JSON.stringify({ status: 'success', object })
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
    response.end(answer)
  })
})
process.on('SIGTERM', () => process.exit())
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ msg: `listening on http://127.0.0.1:${server.address().port}` }))
})
