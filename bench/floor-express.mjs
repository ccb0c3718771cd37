// What most webhooks are written with: Express with its own body parser, which keeps the raw bytes for the signature.
import express from 'express'
import { announce, answerTo } from './signature.mjs'

const app = express()
app.post('/webhook', express.raw({ type: 'application/json', limit: '1mb' }), (request, response) => {
  const answer = answerTo(request.body, request.get('x-hub-signature-256'))
  if (answer === null) response.sendStatus(401)
  else response.json(answer)
})
const server = app.listen(0, '127.0.0.1', () => announce(server.address()))
