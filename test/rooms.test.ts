import { existsSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { ROOT, readProjectFile } from './fixtures/project.js'

/** The store's port, and what all stores mean alike. */
const STORE_MEANING = ['engine/ports.ts', 'engine/list-filter.ts', 'engine/maybe-promise.ts']

/**
 * Which files of src/ a room may import besides its own: a file, or with a slash at the end all below it.
 * Packages are free to all but those without.
 */
const rooms: Record<string, { readonly imports: readonly string[]; readonly packages: boolean }> = {
  conversation: { imports: [], packages: false },
  // Where the marks of a Markdown text stand.
  markdown: { imports: [], packages: false },
  // Makes what an assistant said fit for the customer. The heart takes the finished answer; the settings have it read their
  // own texts.
  answer: { imports: ['conversation/', 'engine/providers.ts', 'markdown/'], packages: false },
  config: { imports: ['answer/', 'conversation/', 'json.ts', 'named-token.ts'], packages: true },
  engine: { imports: ['conversation/'], packages: true },
  meta: {
    imports: [
      'conversation/',
      'engine/ports.ts',
      'engine/providers.ts',
      'engine/maybe-promise.ts',
      'schema.ts',
      'json.ts',
      'exchange.ts',
      'iso-time.ts',
      'retry-after.ts',
      'undici.ts',
    ],
    packages: true,
  },
  dify: {
    imports: ['conversation/', 'engine/providers.ts', 'exchange.ts', 'json.ts', 'retry-after.ts', 'undici.ts'],
    packages: true,
  },
  'store/rows': { imports: ['conversation/', 'json.ts'], packages: false },
  'store/in-process': { imports: ['engine/ports.ts'], packages: false },
  'store/memory': {
    imports: ['conversation/', ...STORE_MEANING, 'store/rows/', 'store/in-process/'],
    packages: true,
  },
  'store/redis': { imports: ['conversation/', ...STORE_MEANING, 'engine/timers.ts', 'store/rows/'], packages: true },
  'store/sqlite': {
    imports: ['conversation/', ...STORE_MEANING, 'iso-time.ts', 'store/rows/', 'store/in-process/'],
    packages: true,
  },
  tracing: { imports: ['engine/ports.ts', 'engine/providers.ts', 'engine/maybe-promise.ts'], packages: true },
  notify: {
    imports: ['conversation/', 'engine/ports.ts', 'engine/timers.ts', 'exchange.ts', 'iso-time.ts', 'undici.ts'],
    packages: true,
  },
  schema: { imports: [], packages: false },
  json: { imports: [], packages: false },
  'named-token': { imports: [], packages: false },
  'iso-time': { imports: [], packages: false },
  'retry-after': { imports: [], packages: false },
  lazy: { imports: [], packages: true },
  undici: { imports: [], packages: true },
  exchange: { imports: ['undici.ts'], packages: true },
  http: {
    imports: [
      'conversation/',
      'engine/ports.ts',
      'engine/maybe-promise.ts',
      'engine/list-filter.ts',
      'iso-time.ts',
      'lazy.ts',
      'named-token.ts',
      'schema.ts',
    ],
    packages: true,
  },
  // What runs in the browser, and what it is made of that needs none.
  'console/page': { imports: ['console/view/'], packages: true },
  'console/view': { imports: ['http/shapes.ts'], packages: false },
  console: { imports: ['engine/ports.ts'], packages: true },
  'reload-log': { imports: ['config/', 'engine/ports.ts'], packages: false },
  app: {
    imports: [
      'reload-log.ts',
      'answer/',
      'conversation/',
      'config.ts',
      'config/',
      'engine/',
      'meta/',
      'dify/',
      'open-store.ts',
      'open-tokens.ts',
      'notify/',
      'tracing/',
      'http/',
      'console/',
    ],
    packages: true,
  },
  'open-store': {
    imports: ['conversation/', 'config.ts', 'engine/ports.ts', 'engine/timers.ts', 'store/'],
    packages: true,
  },
  'open-tokens': {
    imports: ['config.ts', 'engine/', 'meta/probe.ts', 'meta/refresh-token.ts', 'meta/seal.ts'],
    packages: false,
  },
  log: { imports: ['iso-time.ts', 'json.ts', 'log-output.ts'], packages: true },
  'log-output': { imports: ['iso-time.ts'], packages: true },
  collector: { imports: [], packages: true },
  main: {
    imports: [
      'conversation/',
      'config.ts',
      'config/',
      'engine/ports.ts',
      'app.ts',
      'collector.ts',
      'log.ts',
      'log-output.ts',
    ],
    packages: true,
  },
  // How text stands on a terminal, for whoever writes to one.
  terminal: { imports: [], packages: false },
  // The command: joins, for each of its subcommands, the few parts that it takes.
  cli: {
    imports: [
      'config.ts',
      'config/',
      'conversation/',
      'demo/',
      'dify/probe.ts',
      'engine/tokens/instagram-login.ts',
      'engine/ports.ts',
      'engine/providers.ts',
      'http/shapes.ts',
      'json.ts',
      'main.ts',
      'meta/accounts.ts',
      'meta/connect.ts',
      'meta/connect-answer.ts',
      'meta/probe.ts',
      'meta/signature.ts',
      'meta/webhook-fields.ts',
      'named-token.ts',
      'simulator/',
      'store/redis/try-redis.ts',
      'store/sqlite/backup.ts',
      'terminal/',
    ],
    packages: true,
  },
  simulator: {
    imports: [
      'conversation/',
      'config.ts',
      'config/',
      'engine/',
      'meta/',
      'dify/',
      'store/',
      'http/',
      'console/',
      'json.ts',
    ],
    packages: true,
  },
  demo: { imports: ['config/nearest.ts', 'simulator/', 'terminal/'], packages: true },
}

/**
 * The floors of the rooms that have sub-rooms, from the lowest: a file imports from its own floor and from those below,
 * never from one above. What stands on no floor is on top.
 */
const floors: Record<string, readonly (readonly string[])[]> = {
  conversation: [
    // The words that all rules use: ids, settings, events, the state.
    ['ids.ts', 'channel.ts', 'said.ts', 'event.ts', 'text/', 'answer/', 'state/'],
    ['pause/'],
    ['expected/'],
    ['outbox/'],
    ['takeover/'],
    ['question/'],
    ['echo/'],
    ['sending/'],
  ],
  http: [
    ['edge/'],
    [
      'shapes.ts',
      'json.ts',
      'paging.ts',
      'channel-connection.ts',
      'api-parts.ts',
      'metric-labels.ts',
      'openapi-part.ts',
    ],
    ['metrics/'],
    ['meter.ts'],
    ['routes/', 'live/'],
  ],
}

/** The files that are a process's beginning: they alone touch the process, and journeys may be their test. */
const entries = ['main.ts', 'cli.ts', 'demo/tether.ts']

const longest = 250
/** More than half of the source files are shorter. */
const usual = 75

const root = ROOT
const filesBelow = (path: string): string[] =>
  !existsSync(join(root, path))
    ? []
    : readdirSync(join(root, path), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => posix.relative(join(root, path), join(entry.parentPath, entry.name)))
        .sort()
const read = readProjectFile

const sources = filesBelow('src').filter((path) => /\.tsx?$/.test(path))
const roomOf = (path: string): string =>
  Object.keys(rooms).find((room) => path === `${room}.ts` || path.startsWith(`${room}/`)) ?? 'no room'

interface Facts {
  readonly specifiers: readonly string[]
  readonly mentionsProcess: boolean
}

/** What a file imports in any way, types included, and whether the process is named in it. */
const factsOf = (path: string, text: string): Facts => {
  const specifiers: string[] = []
  let mentionsProcess = false
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      specifiers.push(node.moduleSpecifier.text)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      specifiers.push(node.arguments[0] && ts.isStringLiteral(node.arguments[0]) ? node.arguments[0].text : 'computed')
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      specifiers.push(ts.isStringLiteral(node.argument.literal) ? node.argument.literal.text : 'computed')
    } else if (ts.isIdentifier(node) && node.text === 'process' && !isPlainName(node)) {
      mentionsProcess = true
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true))
  return { specifiers, mentionsProcess: mentionsProcess || specifiers.some((name) => /^(node:)?process$/.test(name)) }
}

/** `work.process` and `{ process: 1 }` have nothing to do with the global; `globalThis.process` has. */
const isPlainName = (node: ts.Identifier): boolean =>
  (ts.isPropertyAccessExpression(node.parent) &&
    node.parent.name === node &&
    !/^global(This)?$/.test(node.parent.expression.getText())) ||
  ((ts.isPropertyAssignment(node.parent) || ts.isPropertySignature(node.parent)) && node.parent.name === node)

/** Why this import is not allowed, or undefined. */
const whyNot = (from: string, specifier: string): string | undefined => {
  const room = roomOf(from)
  const rules = rooms[room]
  if (!rules) return `src/${from} is in no room`
  if (!specifier.startsWith('.')) return rules.packages ? undefined : `src/${from} imports the package ${specifier}`
  const to = posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
  const mayImport =
    roomOf(to) === room || rules.imports.some((what) => (what.endsWith('/') ? to.startsWith(what) : to === what))
  return mayImport ? undefined : `src/${from} imports src/${to}`
}

const facts = new Map(sources.map((path) => [path, factsOf(path, read(`src/${path}`))]))

t.test('the rules tell a good import from a bad one', async (t) => {
  for (const [from, specifier, isFine] of [
    ['conversation/decide.ts', './pause.js', true],
    ['conversation/decide.ts', '../config.js', false],
    ['conversation/decide.ts', 'node:crypto', false],
    ['config/settings.ts', '../config.js', true],
    ['config.ts', './conversation/ids.js', true],
    ['engine/receive.ts', '../conversation/decide.js', true],
    ['engine/receive.ts', '../store/memory/store.js', false],
    ['config/channel.ts', '../answer/answer.js', true],
    ['conversation/decide.ts', '../answer/answer.js', false],
    ['meta/route.ts', '../engine/ports.js', true],
    ['meta/route.ts', '../engine/receive.js', false],
    ['meta/route.ts', '../http/errors.js', false],
    ['store/memory/store.ts', './entry.js', true],
    ['store/memory/store.ts', '../redis/store.js', false],
    ['notify/compose.ts', '../http/json.js', false],
    ['app.ts', './http/health.js', true],
    ['app.ts', './simulator/meta.js', false],
    ['console/page/state.ts', '../view/list.js', true],
    ['console/page/state.ts', '../serve.js', false],
    ['console/view/list.ts', 'preact', false],
    ['console/serve.ts', './page/main.js', false],
    ['main.ts', './app.js', true],
    ['main.ts', './http/health.js', false],
    ['simulator/meta.ts', '../meta/signature.js', true],
    ['simulator/meta.ts', '../app.js', false],
    ['loose.ts', 'pino', false],
  ] as const) {
    t.equal(whyNot(from, specifier) === undefined, isFine, `${from} ${isFine ? 'may' : 'may not'} import ${specifier}`)
  }
})

t.test('every kind of import is seen, and every use of the process', async (t) => {
  const imports = `
    import a from './a.js'
    import type { B } from './b.js'
    export { c } from './c.js'
    export type * from './d.js'
    import './e.js'
    const f = await import('./f.js')
    type G = import('./g.js').G`
  const names = ['./a.js', './b.js', './c.js', './d.js', './e.js', './f.js', './g.js']
  t.same(factsOf('x.ts', imports), { specifiers: names, mentionsProcess: false })
  for (const [text, mentionsProcess] of [
    ['process.exit(1)', true],
    ['globalThis.process.exit(1)', true],
    ['const { env } = process', true],
    [`import { env } from 'node:process'`, true],
    ['queue.process(1); const x = { process: 1 } // process.env', false],
  ] as const) {
    t.equal(factsOf('x.ts', text).mentionsProcess, mentionsProcess, text)
  }
})

t.test('a room imports only what it may', async (t) => {
  t.ok(sources.length > 0)
  const bad = [...facts].flatMap(([from, { specifiers }]) => specifiers.flatMap((name) => whyNot(from, name) ?? []))
  t.same(bad, [])
})

/** The floor of a file in its room; null for a room without floors. */
const floorOf = (path: string): number | null => {
  const room = roomOf(path)
  const plan = floors[room]
  if (plan === undefined) return null
  const name = path.slice(room.length + 1)
  const floor = plan.findIndex((parts) =>
    parts.some((part) => (part.endsWith('/') ? name.startsWith(part) : name === part)),
  )
  return floor === -1 ? plan.length : floor
}

/** The files of src/ that a file imports, types included. */
const importsOf = (from: string): readonly string[] =>
  (facts.get(from)?.specifiers ?? [])
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(from), specifier))
    .flatMap((to) => sources.find((path) => path.replace(/\.tsx?$/, '.js') === to) ?? [])

t.test('no import within a room leads from a lower floor to a higher one', async (t) => {
  t.equal(floorOf('conversation/state/state.ts'), 0)
  t.equal(floorOf('conversation/decide.ts'), 8)
  t.equal(floorOf('meta/graph.ts'), null)
  const upward = sources.flatMap((from) =>
    importsOf(from)
      .filter((to) => roomOf(to) === roomOf(from) && floorOf(to)! > floorOf(from)!)
      .map((to) => `src/${from} imports src/${to}`),
  )
  t.same(upward, [])
})

t.test('no two files import each other, directly or through others', async (t) => {
  const done = new Set<string>()
  const circleFrom = (path: string, way: readonly string[]): readonly string[] | null => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path]
    if (done.has(path)) return null
    for (const to of importsOf(path)) {
      const circle = circleFrom(to, [...way, path])
      if (circle !== null) return circle
    }
    done.add(path)
    return null
  }
  t.ok(importsOf('app.ts').includes('engine/engine.ts'))
  t.same(
    sources.flatMap((path) => circleFrom(path, []) ?? []),
    [],
  )
})

t.test('only the entry points touch the process', async (t) => {
  const touching = [...facts].filter(([, { mentionsProcess }]) => mentionsProcess).map(([path]) => path)
  t.same(
    touching.filter((path) => !entries.includes(path)),
    [],
  )
})

t.test('every source file with code in it has its test file', async (t) => {
  const tests = filesBelow('test')
  const journeys = tests.filter((path) => /^(journeys|fixtures)\//.test(path)).map((path) => read(`test/${path}`))
  const isTested = (path: string): boolean =>
    // Driven as a whole, in a browser: test/journeys/console/.
    path.startsWith('console/page/') ||
    tests.includes(path.replace(/\.ts$/, '.test.ts')) ||
    (entries.includes(path) && journeys.some((text) => text.includes(path.replace(/\.ts$/, '.js'))))
  t.same(
    sources.filter((path) => hasCode(read(`src/${path}`)) && !isTested(path)),
    [],
  )
})

const hasCode = (text: string): boolean => {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  })
  return !/^\s*(export \{\};?)?\s*$/.test(outputText)
}

t.test('random input takes its seed from one place', async (t) => {
  t.same(
    filesBelow('test').filter((path) => /from 'fast-check'/.test(read(`test/${path}`))),
    ['fixtures/property.ts', 'rooms.test.ts'],
  )
})

t.test('every fixture says in its first line what it is for', async (t) => {
  t.same(
    filesBelow('test/fixtures').filter(
      (path) => /\.ts$/.test(path) && !read(`test/fixtures/${path}`).startsWith('/**'),
    ),
    [],
  )
})

t.test('a file with only types needs no test', async (t) => {
  t.notOk(
    hasCode(`import type { A } from './a.js'\n/** why */\nexport interface B { a: A }\nexport type C = B | null\n`),
  )
  t.ok(hasCode('export type C = 1\nexport const c: C = 1\n'))
})

t.test('files are named for the one thing they do', async (t) => {
  const places = ['src', 'test', 'scripts', 'bench'].flatMap((place) =>
    filesBelow(place).map((path) => `${place}/${path}`),
  )
  t.same(
    places.filter((path) => /(^|[/.-])(utils?|helpers?|managers?|services?|impl)([/.-]|$)/i.test(path)),
    [],
  )
})

t.test(`no source file is longer than ${longest} lines`, async (t) => {
  const linesOf = (path: string): number => read(`src/${path}`).trimEnd().split('\n').length
  t.same(
    sources.filter((path) => linesOf(path) > longest).map((path) => `src/${path}: ${linesOf(path)}`),
    [],
  )
})

t.test(`more than half of the source files are shorter than ${usual} lines`, async (t) => {
  const short = sources.filter((path) => read(`src/${path}`).trimEnd().split('\n').length < usual)
  t.ok(short.length > sources.length / 2, `${short.length} of ${sources.length}`)
})

/** All that git keeps or would take, without needing git. */
const kept = (): string[] => {
  const ignored = read('.gitignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/\/$/, ''))
  const isIgnored = (name: string, path: string): boolean =>
    name === '.git' ||
    ignored.some((rule) => rule === name || rule === path || (rule.startsWith('*') && name.endsWith(rule.slice(1))))
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = posix.join(folder, entry.name)
      if (isIgnored(entry.name, path)) return []
      if (entry.isDirectory()) return walk(path)
      return entry.isFile() ? [path] : []
    })
  return walk('')
}

t.test('no file names the place where it was made', async (t) => {
  const files = kept()
  t.ok(files.includes('package.json') && files.includes('test/rooms.test.ts'), 'the walk finds files')
  t.notOk(
    files.some((path) => /^(node_modules|dist|\.tap|\.git)\//.test(path)),
    'and no others',
  )
  for (const [what, pattern] of [
    ['a registry host', /\bregistry\.[a-z0-9-]+\.[a-z]+|\bregistry["']?\s*[=:]\s*["']?https?:/i],
    ['a folder of somebody', /(?<![\w.~-])\/(home|root)\/[\w.]/],
    ['a link to a file', /file:\/\/\/\w/],
  ] as const) {
    t.same(
      files.filter((path) => pattern.test(read(path))),
      [],
      what,
    )
  }
})

t.test('the lock file does not say where packages come from', async (t) => {
  t.notMatch(read('package-lock.json'), /"resolved"/)
})
