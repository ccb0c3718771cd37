/** No test changes what all tests of its process share: globals, the environment, modules, prototypes. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { ROOT, readProjectFile } from './fixtures/project.js'

const GLOBALS = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  // Accessors of the module scope, and what only other contexts have.
  'process',
  'globalThis',
  'global',
])
const SETTERS = new Set(['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf', 'deleteProperty', 'set'])
const TAP_PATCHES = new Set(['intercept', 'capture', 'captureFn', 'mockImport', 'mockRequire', 'mockAll'])
/** Changes of the process by a call. `process.exitCode = 1` is an assignment. */
const PROCESS_CALLS = new Set(['chdir', 'umask', 'removeAllListeners'])

/** The places of a test that change something shared, as `line: text`. */
function patchesIn(name: string, text: string): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true)
  const imported = new Set<string>()
  const declared = new Set<string>()
  const found: string[] = []
  const say = (node: ts.Node): void => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart())
    found.push(`${name}:${line + 1}: ${node.getText().split('\n')[0]}`)
  }

  function names(node: ts.Node): void {
    if (ts.isImportDeclaration(node)) {
      const { importClause, moduleSpecifier } = node
      if (/^'node:test'$/.test(moduleSpecifier.getText())) say(node)
      const bindings = importClause?.namedBindings
      if (importClause?.name) imported.add(importClause.name.text)
      if (bindings && ts.isNamespaceImport(bindings)) imported.add(bindings.name.text)
      if (bindings && ts.isNamedImports(bindings)) for (const each of bindings.elements) imported.add(each.name.text)
    } else if (
      (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) &&
      ts.isIdentifier(node.name)
    ) {
      declared.add(node.name.text)
    }
    ts.forEachChild(node, names)
  }

  /** Whether it is a global, an import, or a part of one; `X.prototype` is shared whatever X is. */
  function isShared(node: ts.Expression): boolean {
    if (ts.isIdentifier(node)) return imported.has(node.text) || (GLOBALS.has(node.text) && !declared.has(node.text))
    if (ts.isPropertyAccessExpression(node)) return node.name.text === 'prototype' || isShared(node.expression)
    if (ts.isElementAccessExpression(node) || ts.isNonNullExpression(node)) return isShared(node.expression)
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return isShared(node.expression)
    return false
  }

  const isPart = (node: ts.Node): node is ts.PropertyAccessExpression | ts.ElementAccessExpression =>
    ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)

  function visit(node: ts.Node): void {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      node.operatorToken.kind <= ts.SyntaxKind.LastAssignment &&
      isPart(node.left) &&
      isShared(node.left)
    ) {
      say(node)
    } else if (ts.isDeleteExpression(node) && isShared(node.expression)) {
      say(node)
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name: called, expression: on } = node.expression
      const [first] = node.arguments
      const isSetter = ts.isIdentifier(on) && /^(Object|Reflect)$/.test(on.text) && SETTERS.has(called.text)
      if ((isSetter || TAP_PATCHES.has(called.text)) && first && isShared(first)) say(node)
      else if (on.getText() === 'process' && PROCESS_CALLS.has(called.text)) say(node)
      else if (/^mock(Import|Require|All)$/.test(called.text)) say(node)
    }
    ts.forEachChild(node, visit)
  }
  names(file)
  visit(file)
  return found
}

t.test('a change of what is shared is told from a change of what is one’s own', async (t) => {
  for (const [text, isPatch] of [
    [`import { mock } from 'node:test'`, true],
    ['process.env.PORT = "1"', true],
    ['process.env["PORT"] ??= "1"', true],
    ['delete process.env.PORT', true],
    ['process.stdout.write = () => true', true],
    ['process.chdir("/")', true],
    ['Date.now = () => 1', true],
    ['globalThis.fetch = fetch', true],
    ['(globalThis as any).fetch = fetch', true],
    ['Object.defineProperty(performance, "now", { value: () => 1 })', true],
    ['Object.assign(process.env, { PORT: "1" })', true],
    ['class A {}; A.prototype.b = 1', true],
    [`import dns from 'node:dns'; t.intercept(dns, 'lookup', {})`, true],
    [`import * as fs from 'node:fs'; t.capture(fs, 'readFileSync')`, true],
    ['t.mockImport("../src/app.js", {})', true],
    ['const env = { ...process.env, PORT: "1" }; env.PORT = "2"', false],
    ['const process = { env: {} }; process.env.PORT = "1"', false],
    ['const { store } = open(); t.capture(store, "release")', false],
    ['Object.assign(new Error("no"), { code: "ENOENT" })', false],
    ['const date = Date.now()', false],
  ] as const) {
    t.equal(patchesIn('x.ts', text).length > 0, isPatch, text)
  }
})

t.test('no test changes what others share', async (t) => {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.ts$/.test(file),
  )
  t.ok(files.includes('globals.test.ts'))
  t.same(
    files.flatMap((file) => patchesIn(file, readProjectFile(`test/${file}`))),
    [],
  )
})
