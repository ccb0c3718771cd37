import { once } from 'node:events'
import { get, type IncomingMessage, type ServerResponse } from 'node:http'
import t, { type Test } from 'tap'
import { blockTo, type Output, streamTo } from '../../src/simulator/dify-output.js'
import { APP_DEFAULTS, type DifyCall } from '../../src/simulator/dify-settings.js'
import { listen } from '../../src/simulator/listen.js'

const CALL = {
  at: 0,
  answer: 'hello',
  error: null,
  taskId: 't1',
  conversationId: 'c1',
  workflowRunId: null,
} as DifyCall

/** What a client gets of what is written, in the chunks it comes in. */
async function got(t: Test, write: (response: ServerResponse) => Promise<void>): Promise<Buffer[]> {
  const server = await listen(0, async (_, response) => write(response))
  t.teardown(server.close)
  const [response] = (await once(get(server.origin), 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return chunks
}

t.test('events are data lines, cut within a character', async (t) => {
  const chunks = await got(t, async (response) => {
    const output = streamTo(response, APP_DEFAULTS)
    await output.event({ answer: 'é' })
    await output.event({ answer: 'e' })
    await output.ping()
    output.end()
  })
  const text = Buffer.concat(chunks).toString('utf8')
  t.equal(text, 'data: {"answer":"é"}\n\ndata: {"answer":"e"}\n\nevent: ping\n\n')
  t.ok(chunks.length > 1)
  t.equal(chunks[0]!.toString('utf8').at(-1), '\ufffd', 'half a character comes first')
})

t.test('events are written in two halves, or whole', async (t) => {
  const [chunk] = await got(t, async (response) => {
    const output = streamTo(response, { ...APP_DEFAULTS, split: false })
    await output.event({ answer: 'é' })
    output.end()
  })
  t.equal(chunk!.toString('utf8'), 'data: {"answer":"é"}\n\n')
})

t.test('a broken event holds bytes that are no text', async (t) => {
  const chunks = await got(t, async (response) => {
    const output = streamTo(response, APP_DEFAULTS)
    await output.brokenEvent({ answer: 'e' })
    output.end()
  })
  t.match(Buffer.concat(chunks).toString('utf8'), /^data: \{"answer":"e\ufffd\(\ufffd"\}\n\n$/)
})

t.test('a slow client is waited for', async (t) => {
  const chunks = await got(t, async (response) => {
    const output = streamTo(response, APP_DEFAULTS)
    for (let n = 0; n < 4; n += 1) await output.event({ answer: 'x'.repeat(1_000_000) })
    output.end()
  })
  t.ok(Buffer.concat(chunks).length > 4_000_000)
})

t.test('a client that is cut off gets nothing more, and nothing fails', async (t) => {
  let later: Output | undefined
  await t.rejects(
    got(t, async (response) => {
      later = streamTo(response, APP_DEFAULTS)
      await later.event({ answer: 'e' })
      later.cut()
    }),
  )
  await t.resolves(later!.event({ answer: 'more' }))
  t.doesNotThrow(later!.end)
})

t.test('a client that does not stream gets one answer at the end', async (t) => {
  for (const [kind, error, expected] of [
    ['chat', null, /"answer":"hello"/],
    ['chat', { status: 429, code: 'too_many', message: 'm' }, /^\{"status":429,"code":"too_many","message":"m"\}$/],
    ['workflow', { status: 400, code: 'x', message: 'broken' }, /"error":"broken"/],
  ] as const) {
    const chunks = await got(t, async (response) => {
      const output = blockTo(response, { ...APP_DEFAULTS, kind }, { ...CALL, error })
      await output.event({})
      await output.brokenEvent({})
      await output.ping()
      output.end()
    })
    t.match(Buffer.concat(chunks).toString('utf8'), expected)
  }
  await t.rejects(got(t, async (response) => blockTo(response, APP_DEFAULTS, CALL).cut()))
})
