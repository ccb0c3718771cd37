import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { createPoster } from '../../src/notify/post.js'
import { keyOf } from '../../src/notify/sign.js'
import { readProjectFile } from '../fixtures/project.js'
import { NOTIFY_SECRET } from '../fixtures/receiver.js'
import { until } from '../fixtures/shop.js'

t.test('the receiver of docs/notifications.md takes what is genuine, once', async (t) => {
  const blocks = [...readProjectFile('docs/notifications.md').matchAll(/^```js\n([\s\S]+?)^```$/gm)].map(
    ([, code]) => code!,
  )
  const code = blocks.find((block) => block.includes('createServer'))!
  t.ok(code.trimEnd().split('\n').length <= 20)
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address() as AddressInfo
  free.close()
  const file = join(t.testdir({ 'receiver.mjs': code }), 'receiver.mjs')
  const child = spawn(process.execPath, [file], { env: { SECRET: NOTIFY_SECRET, PORT: `${port}` } })
  t.teardown(() => child.kill())
  let output = ''
  child.stdout.on('data', (piece) => {
    output += piece
  })
  const poster = createPoster({ version: '1' })
  t.teardown(() => poster.close())
  const url = `http://127.0.0.1:${port}/`
  const post = (id: string, data: object, key = keyOf(NOTIFY_SECRET)) => {
    const target = { name: 'global', url, host: '', key, events: new Set<never>() }
    return poster.post(target, id, JSON.stringify({ type: 'a.b', timestamp: '', data }), Date.now())
  }
  const message = { conversation: { id: '1-2' }, message: { content: 'hi' } }
  await until(
    () => post('msg_1', message),
    ({ is }) => is === 'delivered',
  )
  await post('msg_1', message)
  await post('msg_2', { channel: { id: '7' } })
  t.strictSame(await post('msg_3', message, Buffer.from('other')), { is: 'failed', code: '401' })
  await until(() => output.includes('7'))
  t.equal(output, 'a.b 1-2 hi\na.b 7 \n')
})
