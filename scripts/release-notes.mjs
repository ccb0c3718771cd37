// Prints the section of CHANGELOG.md that a tag stands for, and fails where the tag is not what is released:
//   node scripts/release-notes.mjs v1.2.3
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const read = (path) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')

/** The lines below the heading `## 1.2.3`, whatever follows the number in it; null where there is none. */
export function sectionOf(changelog, version) {
  const [, ...sections] = changelog.split(/^## /m)
  const section = sections.find((text) => text.split(/[\s,]/)[0] === version)
  const text = section?.slice(section.indexOf('\n')).trim()
  return text ? text : null
}

/** Every place that names the version, with what it says. */
export function versionsIn(readFile) {
  const chart = readFile('examples/helm/message-router/Chart.yaml')
  return {
    'package.json': JSON.parse(readFile('package.json')).version,
    Dockerfile: /image\.version="([^"]+)"/.exec(readFile('Dockerfile'))?.[1],
    'Chart.yaml, version': /^version: (\S+)$/m.exec(chart)?.[1],
    'Chart.yaml, appVersion': /^appVersion: "([^"]+)"$/m.exec(chart)?.[1],
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const version = /^v(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(process.argv[2] ?? '')?.[1]
  const problems =
    version === undefined
      ? ['usage: node scripts/release-notes.mjs v1.2.3']
      : Object.entries(versionsIn(read)).flatMap(([place, named]) =>
          named === version ? [] : [`${place} says ${named}, the tag ${version}`],
        )
  const notes = version === undefined ? null : sectionOf(read('CHANGELOG.md'), version)
  if (version !== undefined && notes === null) problems.push(`CHANGELOG.md has no section ## ${version}`)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(notes)
}
