import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import Fastify from 'fastify'
import t from 'tap'
import { consolePage } from '../../src/console/serve.js'
import { startApp } from '../fixtures/app.js'
import { inProject } from '../fixtures/project.js'

const built = inProject('dist/console/assets')

async function serve(folder: string) {
  const warnings: string[] = []
  const app = Fastify()
  const log = { debug() {}, info() {}, error() {}, warn: (_: object, message: string) => void warnings.push(message) }
  await app.register(consolePage, { log, folder })
  return { app, warnings }
}

t.test('the page is open, holds nothing, and may load only what is its own', async (t) => {
  const app = await startApp(t)
  const page = await app.call('/console', { token: null })
  t.match(page, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' } })
  const policy = String(page.headers['content-security-policy']).split('; ')
  for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]) {
    t.ok(policy.includes(rule), rule)
  }
  t.notMatch(policy.join(), /unsafe|\*|data:/)
  t.notMatch(page.text, /<script(?![^>]*src=)|<style|style=|\son\w+=/, 'nothing stands inline')
  t.match(page.headers, {
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
})

t.test('files are named by their content and cached for good', async (t) => {
  const app = await startApp(t)
  const { text } = await app.call('/console', { token: null })
  const names = [...text.matchAll(/"(console\/[\w.-]+)"/g)].map(([, name]) => name!)
  t.ok(names.length >= 4)
  for (const name of names) {
    const file = await app.call(`/${name}`, { token: null })
    t.equal(file.status, 200, name)
    t.match(name, /-[\w]{8}\.(js|css|svg|txt)$/)
    t.match(file.headers, { 'cache-control': /immutable/, 'x-content-type-options': 'nosniff' })
  }
  for (const name of ['/console/', '/console/main.js', '/console/..%2fserve.js', '/console/index.html.br']) {
    t.match(await app.call(name, { token: null }), { status: 404, json: { code: 'not_found' } }, name)
  }
})

t.test('files are sent in the smallest encoding that the browser accepts', async (t) => {
  const { app } = await serve(built)
  const get = async (encodings?: string) => {
    const headers = encodings === undefined ? {} : { 'accept-encoding': encodings }
    const answer = await app.inject({ url: '/console', headers })
    return { encoding: answer.headers['content-encoding'], vary: answer.headers['vary'], body: answer.rawPayload }
  }
  const plain = await get()
  t.match(plain.vary, /accept-encoding/i)
  t.equal(plain.encoding, undefined)
  for (const [asked, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, GZIP;q=0.5', 'gzip'],
    ['br;q=0.0', undefined],
    ['zstd', undefined],
  ] as const) {
    const answer = await get(asked)
    t.equal(answer.encoding, encoding, asked)
    const { body } = answer
    const unpacked = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body
    t.same(unpacked, plain.body, asked)
  }
})

t.test('a page that was not built is logged and not found', async (t) => {
  const { app, warnings } = await serve(t.testdir({ 'notes.md': 'no file of a page' }))
  t.match(warnings, [/npm run build/])
  t.equal((await app.inject('/console')).statusCode, 500, 'the code is for the error handler')
  const nowhere = await serve(`${t.testdirName}/nowhere`)
  t.match(nowhere.warnings, [/npm run build/])
})

t.test('a browser that asks for the root is sent there', async (t) => {
  const app = await startApp(t)
  const html = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, token: null }
  t.match(await app.call('/', html), { status: 302, headers: { location: '/console' } })
  t.match(await app.call('/?utm=1', { ...html, method: 'HEAD' }), { status: 302 })
  t.match(await app.call('/', { ...html, method: 'POST' }), { status: 404 })
  t.match(await app.call('/', { headers: { accept: '*/*' }, token: null }), {
    status: 404,
    json: { code: 'not_found' },
  })
  t.match(await app.call('/nothing', html), { status: 404 })
})
