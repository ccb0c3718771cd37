import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import t from 'tap'
import { isEndless, readOn, stopReading } from '../../../src/http/edge/unread.js'

const requestWith = (complete: boolean, socket: unknown, headers: object = {}) =>
  ({ complete, socket, headers }) as unknown as IncomingMessage

t.test('a connection is held while there is something unread, and goes on afterwards', async (t) => {
  const socket = new Socket()
  stopReading(requestWith(true, socket))
  t.notOk(socket.isPaused())
  stopReading(requestWith(false, socket))
  t.ok(socket.isPaused())
  readOn(requestWith(false, socket))
  t.notOk(socket.isPaused())
  t.doesNotThrow(() => stopReading(requestWith(false, {})), 'a request without a connection has nothing to hold')
  t.doesNotThrow(() => readOn(requestWith(false, {})))
})

t.test('a body without a length is endless until it has ended', async (t) => {
  const chunked = { 'transfer-encoding': 'chunked' }
  t.ok(isEndless(requestWith(false, null, chunked)))
  t.notOk(isEndless(requestWith(true, null, chunked)))
  t.notOk(isEndless(requestWith(false, null, { 'content-length': '5' })))
})
