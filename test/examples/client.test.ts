import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
// @ts-expect-error a plain script without types
import { apiTypes } from '../../scripts/api-types.mjs'
import { startApp } from '../fixtures/app.js'
import { inProject, ROOT, readProjectFile } from '../fixtures/project.js'
import { API_TOKEN } from '../fixtures/settings.js'
import { delivery, echoTo } from '../fixtures/webhooks.js'

t.test('the types that the package exports are those of the API', async (t) => {
  const app = await startApp(t)
  const { types } = JSON.parse(readProjectFile('package.json')) as { readonly types: string }
  const { json } = await app.call('/openapi.json')
  t.equal(readProjectFile(types), await apiTypes(json), 'node scripts/api-types.mjs writes them anew')
})

/** What the compiler says against a file beside the examples, as for somebody who installed the package. */
const problemsOf = (path: string): readonly string[] => {
  const program = ts.createProgram([path], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [inProject('node_modules/@types')],
    paths: { 'message-router': [inProject('types/api.d.ts')] },
  })
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

const example = readProjectFile('examples/client/hand-over.ts')

t.test('the documentation shows the example as it is', async (t) => {
  t.match(readProjectFile('docs/api.md'), `\`\`\`ts\n${example}\`\`\`\n`)
})

t.test('the example of a client compiles, and a wrong use of the API does not', async (t) => {
  t.same(problemsOf(inProject('examples/client/hand-over.ts')), [])
  const dir = t.testdir({ 'package.json': '{"type":"module"}' })
  const wrong = join(dir, 'wrong.ts')
  const mistaken = example
    .replace("'/api/conversations', {", "'/api/conversation', {")
    .replace('enabled: true', 'enabled: 1')
  writeFileSync(wrong, mistaken)
  const problems = problemsOf(wrong)
  t.ok(problems.some((text) => text.includes('"/api/conversation"')))
  t.ok(problems.some((text) => text.includes("'number' is not assignable to type 'boolean'")))
})

t.test('the example does what it says', async (t) => {
  const app = await startApp(t, {}, [{ id: '1', platform: 'instagram' }])
  const address = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const { json } = await app.deliver(delivery([echoTo('7', { mid: 'e', text: 'hello' }, { page: '1' })], { page: '1' }))
  t.equal(json.results[0].author, 'human')
  t.equal((await app.call('/api/conversations/1-7')).json.bot.enabled, false)
  const dir = t.testdir({ 'package.json': '{"type":"module"}' })
  const program = join(dir, 'hand-over.js')
  writeFileSync(program, ts.transpile(example, { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext }))
  t.ok(program.startsWith(ROOT), 'where it finds its package')
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ROUTER_URL: address, ROUTER_TOKEN: API_TOKEN, NODE_OPTIONS: '' },
  })
  let said = ''
  for (const from of [child.stdout, child.stderr]) {
    from.on('data', (text) => {
      said += text
    })
  }
  const [code] = await once(child, 'close')
  t.equal(code, 0, said)
  t.equal(said, '1-7 paused because of human_echo: handed back\n')
  t.equal((await app.call('/api/conversations/1-7')).json.bot.enabled, true)
})
