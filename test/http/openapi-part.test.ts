import t from 'tap'
import { type Document, partOf, wordOf } from '../../src/http/openapi-part.js'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const DOCUMENT: Document & { readonly info: string } = {
  info: 'stays',
  tags: [{ name: 'One' }, { name: 'Two words' }],
  paths: {
    '/a': {
      get: { tags: ['One'], security: [{ token: [] }], answers: ref('Outer') } as never,
      put: { tags: ['Two words'], security: [] },
    },
    '/b': { get: { tags: ['Two words'], security: [{ token: [] }, { ticket: [] }], answers: ref('Alone') } as never },
  },
  components: {
    schemas: { Alone: {}, Inner: { self: ref('Outer') }, Outer: { of: [ref('Inner'), ref('Inner')] } },
    securitySchemes: { ticket: {}, token: {} },
  },
}

t.test('a part has the operations of its tag, and what they refer to', async (t) => {
  const one = partOf(DOCUMENT, 'one')
  t.strictSame(one, {
    info: 'stays',
    tags: [{ name: 'One' }],
    paths: { '/a': { get: DOCUMENT.paths['/a']!['get']! } },
    components: {
      schemas: { Inner: DOCUMENT.components.schemas['Inner']!, Outer: DOCUMENT.components.schemas['Outer']! },
      securitySchemes: { token: {} },
    },
  })
  const two = partOf(DOCUMENT, wordOf('Two words'))
  t.strictSame(Object.keys(two.paths), ['/a', '/b'])
  t.strictSame(Object.keys(two.paths['/a']!), ['put'])
  t.strictSame(Object.keys(two.components.schemas), ['Alone'])
  t.strictSame(Object.keys(two.components.securitySchemes), ['ticket', 'token'])
})
