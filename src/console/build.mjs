// Bundles the console's page into dist/console/assets/: hashed names, compressed beforehand, with the licences of what is in it.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = join(root, 'src/console/page')
const assets = join(root, 'dist/console/assets')

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: join(page, 'main.tsx'), style: join(page, 'style/main.css') },
  outdir: assets,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2022', 'chrome110', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'warning',
})

const files = new Map(outputFiles.map(({ path, contents }) => [path.slice(assets.length + 1), Buffer.from(contents)]))
const named = (name, text) => {
  const [stem, ending] = name.split('.')
  const hashed = `${stem}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.${ending}`
  files.set(hashed, Buffer.from(text))
  return hashed
}
const built = (stem) => [...files.keys()].find((name) => name.startsWith(`${stem}-`))

const html = readFileSync(join(page, 'index.html'), 'utf8')
  .replace('{icon}', named('icon.svg', readFileSync(join(page, 'icon.svg'))))
  .replace('{licences}', named('licences.txt', licences()))
  .replace('{style}', built('style'))
  .replace('{script}', built('main'))
files.set('index.html', Buffer.from(html))

rmSync(assets, { recursive: true, force: true })
mkdirSync(assets, { recursive: true })
for (const [name, content] of files) {
  const [params, size] = [constants.BROTLI_PARAM_QUALITY, constants.BROTLI_PARAM_SIZE_HINT]
  writeFileSync(join(assets, name), content)
  writeFileSync(
    join(assets, `${name}.br`),
    brotliCompressSync(content, { params: { [params]: 11, [size]: content.length } }),
  )
  writeFileSync(join(assets, `${name}.gz`), gzipSync(content, { level: 9 }))
}

/** Of each package that is in the bundle. */
function licences() {
  const packages = new Set(
    Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  )
  const textOf = (name) => {
    const folder = join(root, 'node_modules', name)
    const file = existsSync(folder) ? readdirSync(folder).find((each) => /^licen[cs]e/i.test(each)) : undefined
    return `${name}\n\n${file === undefined ? '' : readFileSync(join(folder, file), 'utf8')}`
  }
  return [...packages].sort().map(textOf).join('\n\n')
}
