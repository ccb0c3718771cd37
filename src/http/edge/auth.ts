import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type ConversationId, pageOf } from '../../conversation/ids.js'
import { andThen, type MaybePromise } from '../../engine/maybe-promise.js'
import { RouterError } from '../../engine/ports.js'
import { named } from '../../named-token.js'
import { addressOf } from './address.js'
import type { Guesses } from './guesses.js'
import type { Limits } from './limits.js'

/**
 * The identity of an API caller. `name` may be logged: it is the name before a token in API_TOKENS, or the token's
 * position in the list.
 */
export type Caller =
  | { readonly is: 'api'; readonly key: string; readonly name: string }
  /** Dify, for one channel, or for all when `channelId` is null. */
  | { readonly is: 'dify'; readonly key: string; readonly name: string; readonly channelId: string | null }
  /** Any caller, when API_AUTH=none. */
  | { readonly is: 'anyone'; readonly key: string; readonly name: string }

/** What a route requires of its caller. */
export type Access = 'api' | 'dify' | 'open'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
  interface FastifyContextConfig {
    /** Who may call the route; `api` when not set. */
    access?: Access
  }
}

/** Authenticates requests before their body is parsed. */
export function askForToken(app: FastifyInstance, identify: Identify): void {
  app.decorateRequest('caller')
  app.addHook('onRequest', (request, _reply, done) => {
    const identified = andThen(identify(request, request.routeOptions.config.access ?? 'api'), (caller) => {
      request.caller = caller
    })
    if (identified instanceof Promise) identified.then(() => done(), done)
    else done()
  })
}

export interface Tokens {
  readonly api: readonly string[]
  readonly dify: readonly string[]
  readonly channels: Iterable<{ readonly id: string; readonly difyTokens: readonly string[] }>
}

export type Identify = (request: FastifyRequest, access: Access) => MaybePromise<Caller>

export function createIdentify(tokens: Tokens, isOpen: boolean, limits: Limits, guesses: Guesses): Identify {
  // A map compares texts only where their hashes agree, and V8 hashes with a random seed: the time it takes reveals
  // nothing about how much of a token was right.
  const known = new Map<string, Caller>()
  const add = (token: string, caller: (key: string) => Caller): void => {
    if (!known.has(token)) known.set(token, caller(nameOf(token)))
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

  function lookUp(token: string, address: string): MaybePromise<Caller | null> {
    return andThen(guesses.turn(address, token), () => {
      const caller = known.get(token) ?? null
      if (caller !== null) guesses.right(address, token)
      return caller
    })
  }

  async function refuse(request: FastifyRequest, token: string | null): Promise<never> {
    if (token !== null) guesses.wrong(addressOf(request))
    await limits.failure(request)
    throw new RouterError('unauthorized', 'Send a valid token: Authorization: Bearer <token>.')
  }

  function admit(caller: Caller, access: Access): MaybePromise<Caller> {
    return andThen(limits.token(caller.key), () => {
      if (access === 'api' && caller.is !== 'api') {
        throw new RouterError('forbidden', 'This needs an API token; a Dify token may not do it.')
      }
      return caller
    })
  }

  return (request, access) => {
    const token = bearerOf(request)
    const found = token === null ? null : lookUp(token, addressOf(request))
    return andThen(found, (caller) => {
      if (caller !== null) return admit(caller, access)
      if (access !== 'open' || !isOpen) return refuse(request, token)
      limits.anonymous(request)
      return admit({ is: 'anyone', key: `address ${addressOf(request)}`, name: 'anyone' }, access)
    })
  }
}

/**
 * A caller's identity, derived from the token alone: the same in every process and after other tokens were added or
 * removed, since idempotency keys are stored with it.
 */
export function nameOf(token: string): string {
  return `token ${createHash('sha256').update(token).digest('base64url').slice(0, 16)}`
}

/** The request's fields for log lines about changes: its id, and the name of its token. */
export function whoAsked({ id, caller }: FastifyRequest): { readonly req_id: string; readonly by: string } {
  return { req_id: id, by: caller.name }
}

/** Refuses a channel's own token for conversations of other channels. */
export function mayTouch(caller: Caller, id: ConversationId): void {
  if (caller.is === 'dify' && caller.channelId !== null && caller.channelId !== pageOf(id)) {
    throw new RouterError('forbidden', 'This token is for another channel.')
  }
}

export function bearerOf(request: FastifyRequest): string | null {
  const match = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')
  return match === null ? null : match[1]!
}
