import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Log, RouterError } from '../engine/ports.js'

/**
 * `GET /console`: the operators' page. It needs no token and holds no data; the page itself calls the API with a
 * token.
 */

export interface ConsoleParts {
  readonly log: Log
  /** The folder with the built page. */
  readonly folder?: string
}

type Encoding = 'br' | 'gzip'

interface PageFile {
  readonly type: string
  readonly plain: Buffer
  readonly packed: ReadonlyMap<Encoding, Buffer>
}

const BUILT = fileURLToPath(new URL('assets/', import.meta.url))
const INDEX = 'index.html'
const SUFFIXES: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' }
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
}

/** Images may come from anywhere, since Meta's CDN has many hosts; everything else from this origin only. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' http: https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const TAGS = ['Operating']
const PAGE = {
  tags: TAGS,
  operationId: 'openConsole',
  summary: 'The operators’ page.',
  response: { 200: { description: 'The page.', content: { 'text/html': { schema: { type: 'string' } } } } },
}
const FILE = {
  tags: TAGS,
  operationId: 'getConsoleFile',
  summary: 'A file of the operators’ page.',
  params: {
    type: 'object',
    required: ['file'],
    properties: { file: { type: 'string', description: 'The file’s name, with the hash of its content in it.' } },
  },
  response: {
    200: { description: 'The file.', content: { '*/*': { schema: { type: 'string' } } } },
    404: { description: 'There is no such file (any more).', content: { 'application/json': { schema: {} } } },
  },
}

export async function consolePage(app: FastifyInstance, { log, folder = BUILT }: ConsoleParts): Promise<void> {
  const files = readPage(folder)
  if (!files.has(INDEX)) log.warn({}, 'the console is not built: npm run build makes it')

  app.get('/console', { schema: PAGE }, async (request, reply) => {
    // Never cached: it is short, and names the hashed files of this version.
    return send(request, reply, files.get(INDEX), 'no-cache')
  })

  app.get<{ Params: { readonly file: string } }>('/console/:file', { schema: FILE }, async (request, reply) => {
    // The file name contains a hash of its content.
    return send(request, reply, files.get(request.params.file), 'public, max-age=31536000, immutable')
  })
}

function send(request: FastifyRequest, reply: FastifyReply, file: PageFile | undefined, caching: string): FastifyReply {
  if (file === undefined) throw new RouterError('not_found', 'There is nothing here.')
  const encoding = encodingFor(request.headers['accept-encoding'], file)
  reply.headers({ ...HEADERS, 'cache-control': caching, vary: 'accept-encoding' }).type(file.type)
  if (encoding !== null) reply.header('content-encoding', encoding)
  return reply.send(encoding === null ? file.plain : file.packed.get(encoding))
}

function encodingFor(accepted: string | undefined, { packed }: PageFile): Encoding | null {
  const taken = (accepted ?? '').split(',').flatMap((each) => {
    const [name = '', quality = ''] = each.split(';').map((part) => part.trim().toLowerCase())
    return /^q=0(\.0*)?$/.test(quality) ? [] : [name]
  })
  return [...packed.keys()].find((encoding) => taken.includes(encoding)) ?? null
}

function readPage(folder: string): ReadonlyMap<string, PageFile> {
  const names = namesIn(folder)
  const read = (name: string): Buffer => readFileSync(`${folder}/${name}`)
  const packedOf = (name: string): ReadonlyMap<Encoding, Buffer> =>
    new Map(
      (Object.entries(SUFFIXES) as [Encoding, string][])
        .filter(([, suffix]) => names.includes(name + suffix))
        .map(([encoding, suffix]) => [encoding, read(name + suffix)]),
    )
  return new Map(
    names.flatMap((name) => {
      const type = TYPES[extname(name)]
      return type === undefined ? [] : [[name, { type, plain: read(name), packed: packedOf(name) }]]
    }),
  )
}

/** Empty when the page was not built. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
