import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { createVoiceFetcher, type VoiceParts } from '../../src/meta/voice.js'
import { channelWith } from '../fixtures/channel.js'

/** As the apps record them. */
const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypM4A '), Buffer.alloc(100)])

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

async function serve(t: Test, answer: Answer) {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(request.url!)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths }
}

function fetcher(t: Test, parts: VoiceParts = {}) {
  const voices = createVoiceFetcher(parts)
  t.teardown(() => voices.close())
  return (url: string, graphUrl = 'http://127.0.0.1:1/v26.0', signal = new AbortController().signal) =>
    voices.fetch({ ...channelWith(), graphUrl }, url, signal)
}

t.test('a voice message is fetched, and told by its first bytes, or else by its type', async (t) => {
  const fetch = fetcher(t)
  for (const [body, declared, type] of [
    [MP4, 'video/mp4', 'audio/mp4'],
    [MP4, 'application/octet-stream', 'audio/mp4'],
    [Buffer.from('OggS....'), 'text/plain', 'audio/ogg'],
    [Buffer.from('ID3.....'), '', 'audio/mpeg'],
    [Buffer.from([0xff, 0xfb, 0x90]), 'audio/mpeg; x=y', 'audio/mpeg'],
    [Buffer.from([0xff, 0xfb, 0x90]), 'video/webm', 'audio/webm'],
    [Buffer.from('<!doctype html>'), 'audio/mp4', null],
    [Buffer.from('{"error": "gone"}'), 'audio/mp4', null],
    [Buffer.from('hello'), 'text/html', null],
    [Buffer.from('hello'), undefined, null],
    [Buffer.alloc(0), 'audio/mp4', null],
  ] as const) {
    const { origin } = await serve(t, (_, response) => {
      response.writeHead(200, declared === undefined ? {} : { 'content-type': declared }).end(body)
    })
    const fetched = await fetch(`${origin}/1`)
    if (type === null) t.strictSame(fetched, { is: 'refused', code: 'not_audio' }, `${declared}`)
    else t.strictSame(fetched, { is: 'fetched', voice: { body: Buffer.from(body), type } }, `${declared}`)
  }
})

t.test('what is too large is not read to its end, whether it says so or not', async (t) => {
  const fetch = fetcher(t)
  let written = 0
  const { origin } = await serve(t, (request, response) => {
    if (request.url === '/said') response.writeHead(200, { 'content-length': 20 * 1024 * 1024 })
    const chunk = Buffer.alloc(256 * 1024)
    const more = (): void => {
      for (; written < 40 * 1024 * 1024; written += chunk.length) if (!response.write(chunk)) return
      response.end()
    }
    response.on('drain', more).on('error', () => {})
    more()
  })
  t.strictSame(await fetch(`${origin}/said`), { is: 'refused', code: 'too_large' })
  written = 0
  t.strictSame(await fetch(`${origin}/unsaid`), { is: 'refused', code: 'too_large' })
  t.ok(written < 40 * 1024 * 1024)
})

t.test('more than the process can hold at a time is not taken', async (t) => {
  const fetch = fetcher(t, { mostInHand: 150 })
  const { origin } = await serve(t, (_, response) => response.end(MP4))
  t.match(await fetch(origin), { is: 'fetched' })
  t.match(await fetch(origin), { is: 'fetched' }, 'what was let go does not count')
  const small = fetcher(t, { mostInHand: 50 })
  t.strictSame(await small(origin), { is: 'refused', code: 'busy' })
})

t.test('a server that hangs is left, before its answer and in the middle of it', async (t) => {
  const fetch = fetcher(t, { timeoutMs: 100 })
  const { origin, paths: asked } = await serve(t, (request, response) => {
    if (request.url === '/half') response.write(MP4)
  })
  // A time limit has to survive garbage collection, on which Node.js 20 drops some abort signals.
  const collecting = setInterval(garbageCollector(), 20)
  t.teardown(() => clearInterval(collecting))
  t.strictSame(await fetch(`${origin}/never`), { is: 'refused', code: 'timeout' })
  t.strictSame(await fetch(`${origin}/half`), { is: 'refused', code: 'timeout' })
  const aborter = new AbortController()
  const patient = fetcher(t)(`${origin}/never`, undefined, aborter.signal)
  aborter.abort()
  t.strictSame(await patient, { is: 'refused', code: 'cancelled' })
  const before = asked.length
  const tooLate = fetcher(t)(`${origin}/never`, undefined, aborter.signal)
  t.strictSame(await tooLate, { is: 'refused', code: 'cancelled' }, 'cancelled before it began')
  t.equal(asked.length, before, 'nothing was asked')
})

t.test('redirects are followed, a few, and never into a private network', async (t) => {
  const secret = await serve(t, (_, response) => response.end(MP4))
  const { origin, paths } = await serve(t, ({ url = '' }, response) => {
    const to = decodeURIComponent(url.slice('/to/'.length))
    if (url.startsWith('/to/')) response.writeHead(302, { location: to }).end()
    else if (url === '/loop') response.writeHead(307, { location: '/loop' }).end()
    else if (url === '/nowhere') response.writeHead(302).end()
    else if (url === '/gone') response.writeHead(404, { location: '/voice' }).end('x'.repeat(100_000))
    else response.end(MP4)
  })
  const fetch = fetcher(t)
  const to = (address: string): string => `${origin}/to/${encodeURIComponent(address)}`
  t.match(await fetch(to('/voice')), { is: 'fetched' }, 'on the same server')
  for (const address of [
    ...[`${secret.origin}/`, `http://localhost:${new URL(secret.origin).port}/`, 'http://10.0.0.1/'],
    ...['http://169.254.169.254/latest/meta-data', 'http://[::1]/', 'http://0/'],
  ]) {
    t.strictSame(await fetch(to(address)), { is: 'refused', code: 'private_address' }, address)
  }
  t.strictSame(secret.paths, [], 'nothing was asked there')
  for (const address of ['gopher://cdn.example/', 'ftp://cdn.example/', 'http://[', 'data:audio/mp4,x']) {
    t.strictSame(await fetch(to(address)), { is: 'refused', code: 'bad_redirect' }, address)
  }
  t.strictSame(await fetch(`${origin}/nowhere`), { is: 'refused', code: 'http_302' })
  t.strictSame(await fetch(`${origin}/gone`), { is: 'refused', code: 'http_404' })
  paths.length = 0
  t.strictSame(await fetch(`${origin}/loop`), { is: 'refused', code: 'too_many_redirects' })
  t.equal(paths.length, 4)
})

t.test('where the Graph is not on this machine, a private address is not asked at all', async (t) => {
  const { origin, paths } = await serve(t, (_, response) => response.end(MP4))
  const fetch = fetcher(t)
  const graph = 'https://graph.instagram.com/v26.0'
  t.strictSame(await fetch(origin, graph), { is: 'refused', code: 'private_address' })
  t.strictSame(await fetch(origin.replace('127.0.0.1', 'localhost'), graph), { is: 'refused', code: 'private_address' })
  t.strictSame(paths, [])
  t.strictSame(await fetch('http://127.0.0.1:1/'), { is: 'refused', code: 'ECONNREFUSED' })
  t.match(await fetch('https://nowhere.invalid/voice'), { is: 'refused', code: /^E/ })
})
