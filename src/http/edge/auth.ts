import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type ConversationId, pageOf } from '../../conversation/ids.js'
import { RouterError } from '../../engine/ports.js'
import { addressOf } from './address.js'
import type { Guesses } from './guesses.js'
import type { Limits } from './limits.js'

/** Who calls the API. `name` may be logged: the name before a token in API_TOKENS, or its place among them. */
export type Caller =
  | { readonly is: 'api'; readonly key: string; readonly name: string }
  /** Dify, for one channel or, with `channelId` null, for all. */
  | { readonly is: 'dify'; readonly key: string; readonly name: string; readonly channelId: string | null }
  /** Nobody in particular, where API_AUTH=none lets everybody in. */
  | { readonly is: 'anyone'; readonly key: string; readonly name: string }

/** What a route asks of its caller. */
export type Access = 'api' | 'dify' | 'open'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
  interface FastifyContextConfig {
    /** Who may call a route; API tokens alone where it does not say. */
    access?: Access
  }
}

/** Nobody gets past this without saying who they are, not even to have a body parsed. */
export function askForToken(app: FastifyInstance, identify: Identify): void {
  app.decorateRequest('caller')
  app.addHook('onRequest', async (request) => {
    request.caller = await identify(request, request.routeOptions.config.access ?? 'api')
  })
}

export interface Tokens {
  readonly api: readonly string[]
  readonly dify: readonly string[]
  readonly channels: Iterable<{ readonly id: string; readonly difyTokens: readonly string[] }>
}

/** One of API_TOKENS, `name:token` or `token`. What stands before a colon and is no name belongs to the token. */
export function named(text: string, index: number): { readonly name: string; readonly token: string } {
  const [, name, token] = /^([A-Za-z][\w.-]{0,31}):(.+)$/.exec(text) ?? []
  return name === undefined || token === undefined ? { name: `api-${index + 1}`, token: text } : { name, token }
}

export type Identify = (request: FastifyRequest, access: Access) => Promise<Caller>

export function createIdentify(tokens: Tokens, isOpen: boolean, limits: Limits, guesses: Guesses): Identify {
  // Found by a keyed digest: the time that takes tells nothing about any token, however many there are.
  const key = randomBytes(32)
  const digestOf = (token: string): string => createHmac('sha256', key).update(token).digest('base64')
  const known = new Map<string, Caller>()
  const add = (token: string, caller: (key: string) => Caller): void => {
    const digest = digestOf(token)
    if (!known.has(digest)) known.set(digest, caller(nameOf(token)))
  }
  for (const [i, text] of tokens.api.entries()) {
    const { name, token } = named(text, i)
    add(token, (key) => ({ is: 'api', key, name }))
  }
  for (const [i, token] of tokens.dify.entries()) {
    add(token, (key) => ({ is: 'dify', key, name: `dify-${i + 1}`, channelId: null }))
  }
  for (const { id, difyTokens } of tokens.channels) {
    for (const [i, token] of difyTokens.entries()) {
      add(token, (key) => ({ is: 'dify', key, name: `${id}-dify-${i + 1}`, channelId: id }))
    }
  }

  async function lookUp(token: string, address: string): Promise<Caller | null> {
    const digest = digestOf(token)
    const turn = guesses.turn(address, digest)
    if (turn !== null) await turn
    const caller = known.get(digest) ?? null
    if (caller !== null) guesses.right(address, digest)
    return caller
  }

  return async (request, access) => {
    const token = bearerOf(request)
    let caller = token === null ? null : await lookUp(token, addressOf(request))
    if (caller === null && access === 'open' && isOpen) {
      limits.anonymous(request)
      caller = { is: 'anyone', key: `address ${addressOf(request)}`, name: 'anyone' }
    }
    if (caller === null) {
      if (token !== null) guesses.wrong(addressOf(request))
      await limits.failure(request)
      throw new RouterError('unauthorized', 'Send a valid token: Authorization: Bearer <token>.')
    }
    await limits.token(request, caller.key)
    if (access === 'api' && caller.is !== 'api') {
      throw new RouterError('forbidden', 'This needs an API token; a Dify token may not do it.')
    }
    return caller
  }
}

/**
 * The same in every process, and whichever tokens come and go around it: a call that is made again after that must be
 * known as the same one.
 */
export function nameOf(token: string): string {
  return `token ${createHash('sha256').update(token).digest('base64url').slice(0, 16)}`
}

/** What the log line of a change tells of the request: its id, and whose token it came with. */
export function whoAsked({ id, caller }: FastifyRequest): { readonly req_id: string; readonly by: string } {
  return { req_id: id, by: caller.name }
}

/** A channel's own token is good for that channel alone. */
export function mayTouch(caller: Caller, id: ConversationId): void {
  if (caller.is === 'dify' && caller.channelId !== null && caller.channelId !== pageOf(id)) {
    throw new RouterError('forbidden', 'This token is for another channel.')
  }
}

function bearerOf(request: FastifyRequest): string | null {
  const match = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')
  return match === null ? null : match[1]!
}
