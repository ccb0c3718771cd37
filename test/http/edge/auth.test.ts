import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { parseConversationId } from '../../../src/conversation/ids.js'
import { RouterError } from '../../../src/engine/ports.js'
import { type Access, type Caller, createIdentify, mayTouch, type Tokens } from '../../../src/http/edge/auth.js'
import { createGuesses } from '../../../src/http/edge/guesses.js'
import type { Limits } from '../../../src/http/edge/limits.js'

const TOKENS = {
  api: ['api-one', 'api-two'],
  dify: ['dify-one', 'api-two'],
  channels: [
    { id: '1', difyTokens: ['dify-of-1'] },
    { id: '2', difyTokens: [] },
  ],
}

/** Tells one token from another, and not what it is. */
const NAME = /^token [\w-]{16}$/

interface Counted {
  failures: number
  anonymous: number
  readonly tokens: string[]
}

function counting(): { readonly limits: Limits; readonly counted: Counted } {
  const counted: Counted = { failures: 0, anonymous: 0, tokens: [] }
  return {
    counted,
    limits: {
      async failure() {
        counted.failures += 1
      },
      token(name) {
        counted.tokens.push(name)
      },
      mark() {},
      anonymous() {
        counted.anonymous += 1
      },
    },
  }
}

const requestWith = (authorization?: string) => ({ headers: { authorization }, ip: '10.0.0.1' }) as FastifyRequest

function asking(isOpen: boolean, tokens: Tokens = TOKENS) {
  const waits: number[] = []
  const { limits, counted } = counting()
  const guesses = createGuesses(
    () => 0,
    async (ms) => waits.push(ms),
  )
  const identify = createIdentify(tokens, isOpen, limits, guesses)
  const ask = async (authorization: string | undefined, access: Access): Promise<Caller | string> => {
    try {
      return await identify(requestWith(authorization), access)
    } catch (error) {
      return error instanceof RouterError ? error.code : 'another error'
    }
  }
  return { ask, counted, waits }
}

t.test('an API token may do everything', async (t) => {
  const { ask, counted } = asking(false)
  for (const access of ['api', 'dify', 'open'] as const) {
    t.match(await ask('Bearer api-one', access), { is: 'api', key: NAME })
    t.match(await ask('Bearer api-two', access), { is: 'api', key: NAME }, 'even where it is listed as one of Dify')
  }
  t.equal(counted.failures, 0)
  t.equal(counted.tokens.length, 6)
})

t.test('a Dify token may do what Dify needs', async (t) => {
  const { ask } = asking(false)
  t.equal(await ask('Bearer dify-one', 'api'), 'forbidden')
  t.match(await ask('Bearer dify-one', 'dify'), { is: 'dify', key: NAME, channelId: null })
  t.match(await ask('Bearer dify-one', 'open'), { is: 'dify', key: NAME, channelId: null })
  t.match(await ask('Bearer dify-of-1', 'open'), { is: 'dify', key: NAME, channelId: '1' })
})

t.test('a caller keeps its key whichever tokens come and go around it', async (t) => {
  const before = asking(false)
  const after = asking(false, { api: ['api-new', 'api-one'], dify: ['dify-new', 'dify-one'], channels: [] })
  const names = new Set<string>()
  const keyOf = (caller: Caller | string) => (typeof caller === 'string' ? caller : caller.key)
  for (const token of ['api-one', 'dify-one']) {
    const key = keyOf(await before.ask(`Bearer ${token}`, 'open'))
    t.equal(keyOf(await after.ask(`Bearer ${token}`, 'open')), key)
    names.add(key)
  }
  for (const token of ['api-new', 'dify-new']) names.add(keyOf(await after.ask(`Bearer ${token}`, 'open')))
  t.equal(names.size, 4)
})

t.test('the scheme may be in any case, and blanks may stand around the token', async (t) => {
  const { ask } = asking(false)
  for (const header of ['bearer api-one', 'BEARER   api-one', 'Bearer api-one  ']) {
    t.match(await ask(header, 'api'), { is: 'api' }, header)
  }
})

t.test('a request without a valid token is refused and counted', async (t) => {
  const { ask, counted } = asking(false)
  const headers = [undefined, '', 'api-one', 'Basic api-one', 'Bearer', 'Bearer ', 'Bearer api-one x', 'Bearer Api-one']
  for (const header of headers) t.equal(await ask(header, 'open'), 'unauthorized', String(header))
  t.equal(await ask('Bearer api-', 'api'), 'unauthorized')
  t.equal(counted.failures, headers.length + 1)
  t.same(counted.tokens, [])
})

t.test(
  'an address with many wrong tokens waits for each further one, right or wrong, and the others do not',
  async (t) => {
    const { ask, waits } = asking(false)
    t.match(await ask('Bearer api-two', 'api'), { is: 'api' })
    for (let i = 0; i < 100; i++) await ask(`Bearer wrong-${i}`, 'api')
    t.equal(waits.length, 80)
    t.ok(waits[79]! > waits[40]!)
    t.match(await ask('Bearer api-one', 'api'), { is: 'api' })
    t.equal(waits.length, 81, 'the right one too')
    t.match(await ask('Bearer api-two', 'api'), { is: 'api' })
    t.equal(waits.length, 81, 'but not one that was good before')
    let last: unknown
    for (let i = 0; i < 100; i++) last = await ask(`Bearer more-${i}`, 'api')
    t.equal(last, 'rate_limited')
    t.equal(await ask('Bearer api-one-', 'api'), 'rate_limited')
    t.match(await ask('Bearer api-one', 'api'), { is: 'api' })
  },
)

t.test('with API_AUTH=none anyone is let in, and counted by address', async (t) => {
  const { ask, counted } = asking(true)
  t.same(await ask(undefined, 'open'), { is: 'anyone', key: 'address 10.0.0.1', name: 'anyone' })
  t.same(await ask('Bearer old', 'open'), { is: 'anyone', key: 'address 10.0.0.1', name: 'anyone' })
  t.same(counted, { failures: 0, anonymous: 2, tokens: ['address 10.0.0.1', 'address 10.0.0.1'] })
  t.match(await ask('Bearer api-one', 'open'), { is: 'api' })
  t.match(await ask('Bearer dify-of-1', 'open'), { is: 'dify', channelId: '1' })
  t.equal(await ask(undefined, 'dify'), 'unauthorized')
  t.equal(await ask(undefined, 'api'), 'unauthorized')
})

t.test("a channel's own token is good for that channel alone", async (t) => {
  const here = parseConversationId('1-7')!
  const elsewhere = parseConversationId('11-7')!
  const own = { is: 'dify', key: 'x', name: 'n', channelId: '1' } as const
  t.doesNotThrow(() => mayTouch(own, here))
  t.throws(() => mayTouch(own, elsewhere), { code: 'forbidden' })
  for (const caller of [
    { is: 'dify', key: 'x', name: 'n', channelId: null },
    { is: 'api', key: 'x', name: 'n' },
    { is: 'anyone', key: 'x', name: 'n' },
  ] as const) {
    t.doesNotThrow(() => mayTouch(caller, elsewhere), caller.is)
  }
})

t.test('every caller has a name for the log: a token’s own, or its place among the others', async (t) => {
  const channels = [{ id: '1', difyTokens: ['dify-of-1'] }]
  const api = ['api-one', 'ops:secret-two', 'api-three', '1:x', 'no name:x', 'late:a:b']
  const { ask } = asking(true, { api, dify: ['dify-one'], channels })
  const nameOf = async (token: string) => {
    const caller = await ask(`Bearer ${token}`, 'open')
    return typeof caller === 'string' ? caller : caller.name
  }
  for (const [token, name] of [
    ['api-one', 'api-1'],
    ['secret-two', 'ops'],
    ['ops:secret-two', 'anyone'],
    ['api-three', 'api-3'],
    ['1:x', 'api-4'],
    ['a:b', 'late'],
    ['dify-one', 'dify-1'],
    ['dify-of-1', '1-dify-1'],
    ['unknown', 'anyone'],
  ] as const) {
    t.equal(await nameOf(token), name, token)
  }
})
