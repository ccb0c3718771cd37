import t from 'tap'
import { onFile } from '../fixtures/any-store.js'
import { answersOnNode } from '../fixtures/on-node.js'

/** The store in a file has binaries of its own: they load in every Node.js that the package names. */

for (const version of ['20.19.6', '22.23.5', '24.22.3', '26.12.1']) {
  t.test(`on Node.js ${version}, on a file`, async (t) => answersOnNode(t, version, onFile(t)))
}
