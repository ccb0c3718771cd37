import t from 'tap'
import { type Static, Type } from '../src/schema.js'

t.test('an object names what must be in it, and its type knows', async (t) => {
  const schema = Type.Object(
    { id: Type.String({ maxLength: 3 }), note: Type.Optional(Type.Union([Type.String(), Type.Null()])) },
    { description: 'A thing.' },
  )
  t.same(JSON.parse(JSON.stringify(schema)), {
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'string', maxLength: 3 },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    },
    description: 'A thing.',
  })
  const things: Static<typeof schema>[] = [{ id: 'a' }, { id: 'b', note: null }, { id: 'c', note: 'x' }]
  // @ts-expect-error its id is a text
  things.push({ id: 1 })
  t.equal(things.length, 4)
  t.same(JSON.parse(JSON.stringify(Type.Object({ a: Type.Optional(Type.Integer()) }))), {
    type: 'object',
    properties: { a: { type: 'integer' } },
  })
})

t.test('the schema builders make standard JSON Schema', async (t) => {
  t.same(Type.Enum(['a', 'b']), { enum: ['a', 'b'] })
  t.same(Type.Literal('a'), { type: 'string', const: 'a' })
  t.same(Type.Array(Type.Boolean()), { type: 'array', items: { type: 'boolean' } })
  t.same(Type.Integer({ minimum: 0 }), { type: 'integer', minimum: 0 })
})
