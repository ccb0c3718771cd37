import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { sign } from '../meta/signature.js'
import { answerControl } from './control.js'
import { createFaults } from './faults.js'
import { createConnecting } from './graph-connect.js'
import { GRAPH_FIELDS, type GraphControls } from './graph-controls.js'
import { understood } from './graph-request.js'
import { takeMessage } from './graph-send.js'
import {
  type Echo,
  type GraphRequest,
  NO_CONSENT,
  NO_TOKEN,
  NOT_FOUND,
  PAGE_DEFAULTS,
  type PageSettings,
  type Profile,
  refuse,
  type SendFault,
  type Webhook,
} from './graph-settings.js'
import { createThreads } from './graph-threads.js'
import { createPageTokens } from './graph-tokens.js'
import { answerJson, listen } from './listen.js'
import { payloadOf, type Written } from './payload.js'
import { type Attempt, post } from './post.js'
import { pause } from './wait.js'

export interface GraphOptions {
  readonly webhook?: Webhook
  /** Pages by id; `*` for all others. */
  readonly pages?: Readonly<Record<string, Partial<PageSettings>>>
  readonly port?: number
  /** The only user token with which a page may be connected. */
  readonly userToken?: string
  /** The clock of the rate limit. */
  readonly now?: () => number
}

export interface PretendGraph extends GraphControls {
  /** The value for a `graphUrl`; `/v26.0` and `/_control/…` may follow. */
  readonly url: string
  readonly requests: readonly GraphRequest[]
  readonly sends: readonly GraphRequest[]
  readonly actions: readonly GraphRequest[]
  readonly echoes: readonly Echo[]
  readonly close: () => Promise<void>
}

export async function startPretendGraph(options: GraphOptions = {}): Promise<PretendGraph> {
  const now = options.now ?? (() => performance.now())
  const pages = new Map(Object.entries(options.pages ?? {}))
  const faults = createFaults<SendFault>()
  const refreshFaults = createFaults<SendFault>()
  const profiles = new Map<string, Profile>()
  const takenAt = new Map<string, number[]>()
  const requests: GraphRequest[] = []
  const echoes: Echo[] = []
  const underWay = new Set<Promise<unknown>>()
  let webhook = options.webhook
  let life = new AbortController()

  const settingsOf = (page: string): PageSettings => ({ ...PAGE_DEFAULTS, ...pages.get('*'), ...pages.get(page) })

  const threads = createThreads(settingsOf)

  const deliver = (written: Written): Promise<readonly Attempt[]> => {
    if (!webhook) throw new Error('no webhook is set')
    const { url, secret, attempts = 4, retryAfterMs = 20 } = webhook
    const body = JSON.stringify(payloadOf(written))
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': sign(body, secret) }
    return post(url, { headers, body, attempts, waitMs: retryAfterMs, signal: life.signal })
  }

  const sendEcho = async (request: GraphRequest, mid: string): Promise<void> => {
    if (!webhook) return
    const settings = settingsOf(request.id)
    const { message } = request.body as { message: { attachment?: unknown; metadata?: string } }
    await pause(settings.echoDelayMs, life.signal)
    const { platform, appId } = settings
    const page = settings.echoAs ?? request.id
    const user = request.recipient!
    const echo: Echo = { at: Date.now(), page, user, mid, attempts: [] }
    echoes.push(echo)
    echo.attempts = await deliver({
      platform,
      page,
      user,
      mid,
      text: request.text ?? undefined,
      echo: true,
      attachments: message.attachment === undefined ? undefined : [message.attachment],
      appId: appId ?? undefined,
      // Instagram does not return metadata.
      metadata: platform === 'facebook' ? message.metadata : undefined,
      timestamp: Date.now(),
    })
  }

  const track = async (work: Promise<void>): Promise<void> => {
    const { signal } = life
    underWay.add(work)
    try {
      await work
    } catch (error) {
      // An echo that a reset or the end of the server interrupted is no failure.
      if (!signal.aborted) throw error
    } finally {
      underWay.delete(work)
    }
  }

  const take = (request: GraphRequest, response: ServerResponse): Promise<void> => {
    const page = request.id
    const taken = takenAt.get(page) ?? []
    takenAt.set(page, taken)
    return takeMessage(request, response, {
      settings: settingsOf(page),
      nextFault: () => faults.next(page),
      taken,
      now,
      signal: life.signal,
      delivered: ({ body, text, recipient }, mid) => {
        const { attachment } = (body as { message: { attachment?: unknown } }).message
        const attachments = attachment === undefined ? [] : [attachment]
        threads.note({ page, user: recipient!, mid, text: text ?? '', echo: true, attachments, timestamp: Date.now() })
      },
      echo: sendEcho,
    })
  }

  const showProfile = async (request: GraphRequest, response: ServerResponse): Promise<void> => {
    const { profile, error, delayMs = 0 } = profiles.get(request.id) ?? profiles.get('*') ?? { error: NO_CONSENT }
    await pause(delayMs, life.signal)
    if (error) return refuse(request, response, error)
    const wanted = (request.query['fields'] ?? '').split(',')
    const shown = Object.entries(profile ?? {}).filter(([field]) => wanted.includes(field))
    request.status = 200
    answerJson(response, 200, { ...Object.fromEntries(shown), id: request.id })
  }

  const showAccount = (request: GraphRequest, response: ServerResponse, id: string): void => {
    const { error } = faults.standing(id)
    if (error) {
      refuse(request, response, error)
      return
    }
    const wanted = (request.query['fields'] ?? 'id,name').split(',')
    const account = { id, name: `Page ${id}`, user_id: id, username: `account_${id}` }
    request.status = 200
    answerJson(response, 200, Object.fromEntries(Object.entries(account).filter(([field]) => wanted.includes(field))))
  }

  const ids = (): readonly string[] => [...pages.keys()].filter((id) => id !== '*')
  const tokens = createPageTokens({
    pages: ids,
    settingsOf,
    nextFault: (page) => ({ ...faults.standing(page), ...refreshFaults.next(page) }),
    signal: () => life.signal,
    now: Date.now,
  })
  const connect = createConnecting({
    pages: ids,
    settingsOf,
    errorOf: (page) => faults.standing(page).error,
    secret: () => webhook?.secret,
    userToken: options.userToken,
  })

  const controls: GraphControls = {
    webhook(given) {
      webhook = given
    },
    page({ page, ...settings }) {
      pages.set(page, { ...pages.get(page), ...settings })
    },
    script: ({ page, on, faults: given }) => (on === 'refresh' ? refreshFaults : faults).script(page, given),
    always: (standing) => faults.always(standing.page, standing.fault),
    profile({ user, ...profile }) {
      profiles.set(user, profile)
    },
    async write({ lost = false, ...given }) {
      const written = { timestamp: Date.now(), ...given, mid: given.mid ?? `m_${randomUUID()}` }
      threads.note(written)
      if (lost) return { at: Date.now(), status: 0, body: 'lost' }
      return (await deliver({ ...written, platform: settingsOf(written.page).platform })).at(-1)!
    },
    conversations: ({ page, answers }) => threads.script(page, answers),
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    reset() {
      life.abort()
      life = new AbortController()
      faults.reset()
      threads.reset()
      refreshFaults.reset()
      takenAt.clear()
      requests.length = 0
      echoes.length = 0
    },
  }
  const sends = () => requests.filter(({ is }) => is === 'message')
  const actions = () => requests.filter(({ is }) => is === 'action')
  const readings = { requests: () => requests, sends, actions, echoes: () => echoes }

  const listener = await listen(options.port ?? 0, async (received, response) => {
    if (await answerControl(received, response, { ...controls }, readings, GRAPH_FIELDS)) return
    const request = understood(received, (id) => pages.has(id))
    requests.push(request)
    if (request.is === 'connect') return connect(request, response)
    if (request.is === 'refresh') return track(tokens.refresh(request, response))
    const given = /^Bearer (.+)$/.exec(received.headers.authorization ?? '')?.[1]
    const account = request.id === 'me' ? (tokens.pageOf(given) ?? ids()[0] ?? 'me') : request.id
    if (given === undefined || !tokens.isGood(account, given)) return refuse(request, response, NO_TOKEN)
    switch (request.is) {
      case 'message':
        return track(take(request, response))
      case 'action':
        request.status = 200
        return answerJson(response, 200, { recipient_id: request.recipient })
      case 'profile':
        return showProfile(request, response)
      case 'account':
        return showAccount(request, response, account)
      case 'conversations':
        return track(threads.answer(request, response, life.signal))
      case 'unknown':
        return refuse(request, response, NOT_FOUND)
    }
  })
  return {
    ...controls,
    url: listener.origin,
    requests,
    get sends() {
      return sends()
    },
    get actions() {
      return actions()
    },
    echoes,
    async close() {
      life.abort()
      await listener.close()
    },
  }
}
