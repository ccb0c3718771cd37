import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type PretendDify, startPretendDify } from '../simulator/dify.js'
import { type PretendGraph, startPretendGraph } from '../simulator/graph.js'
import { isTaken, post } from '../simulator/post.js'
import { startRouterProcess } from './router-process.js'
import type { BotState, Decision } from './words.js'

/** The router between a pretend Meta and a pretend Dify, and the actions of the actors. */

export interface Stage {
  readonly origin: string
  readonly token: string
  /** The console's URL with a one-time login and the phone's secret. */
  readonly consoleAddress: () => Promise<string>
  readonly id: string
  /** Resolves when the router's process has ended. */
  readonly ended: Promise<unknown>
  /** Returns the decision in the router's answer to the webhook. */
  readonly customer: (text: string) => Promise<Decision>
  readonly share: (url: string) => Promise<Decision>
  /** A person who writes in the Instagram app. */
  readonly person: (text: string) => Promise<Decision>
  /** A workflow that marks its answer and sends it itself. */
  readonly workflow: (text: string) => Promise<Decision>
  readonly bot: () => Promise<BotState>
  readonly setBot: (enabled: boolean) => Promise<void>
  readonly messages: () => Promise<readonly Said[]>
  readonly isServed: (path: string) => Promise<boolean>
  /** `{query}` in it is replaced. */
  readonly answerWith: (answer: string) => void
  /**
   * What Dify was asked and the customer was answered since the last call; waits for this many answers, or for
   * silence.
   */
  readonly heard: (answers: number) => Promise<Heard>
  readonly now: () => number
  readonly close: () => Promise<void>
}

export interface Said {
  readonly type: string
  readonly content: string | null
  readonly message_type: string
  readonly status: string
  readonly reason: string | null
  readonly evidence: string | null
}

export interface Heard {
  readonly questions: readonly string[]
  readonly answers: readonly { readonly text: string; readonly decision: Decision }[]
}

export interface StageOptions {
  readonly node: string
  /** The variables that any process needs, without the router's own settings. */
  readonly env: Readonly<Record<string, string>>
  readonly waitMs?: number
}

const PAGE = '1001'
const USER = '2001'
const ID = `${PAGE}-${USER}`
const DIFY_KEY = 'app-demo'

/** The debounce: a question is asked within this time, or not at all. */
const DEBOUNCE_MS = 250
const QUIET_MS = DEBOUNCE_MS + 200
/** An echo this soon after a workflow's announced one counts as its next part. */
const FLAG_TAIL_MS = 200

/** The words for customers and persons, and delays short enough to watch. */
export const BEYOND_DEFAULTS: Readonly<Record<string, string>> = {
  RESUME_WORDS: '🤖',
  HANDOFF_WORDS: 'human',
  HANDOFF_TEXT: 'A colleague will be with you in a moment.',
  DEBOUNCE: `${DEBOUNCE_MS}ms`,
  DEBOUNCE_MAX: '2s',
  COOLDOWN: '300ms',
  FLAG_TAIL: `${FLAG_TAIL_MS}ms`,
  REPEAT_WINDOW: '5s',
  SHARE_WAIT: '30s',
  SHUTDOWN_GRACE: '1s',
}

const WAIT_MS = 5000
const LOOK_MS = 10

export async function openStage({ node, env, waitMs = WAIT_MS }: StageOptions): Promise<Stage> {
  const [secret, verifyToken, token, difyToken, pageToken] = Array.from({ length: 5 }, () =>
    randomBytes(8).toString('hex'),
  ) as [string, string, string, string, string]
  const graph = await startPretendGraph({ pages: { [PAGE]: { token: pageToken } } })
  graph.profile({ user: USER, profile: { name: 'Mina', username: 'mina.k' } })
  const dify = await startPretendDify({ apps: { [DIFY_KEY]: {} } })
  const closeServers = async (): Promise<void> => {
    await Promise.all([graph.close(), dify.close()])
  }
  const settings = {
    HOST: '127.0.0.1',
    PORT: '0',
    STORE: 'memory',
    META_APP_SECRETS: secret,
    META_VERIFY_TOKEN: verifyToken,
    API_TOKENS: token,
    DIFY_TOKENS: difyToken,
    CHANNEL_ID: PAGE,
    CHANNEL_PLATFORM: 'instagram',
    CHANNEL_TOKEN: pageToken,
    CHANNEL_GRAPH_URL: `${graph.url}/v26.0`,
    DIFY_URL: dify.url,
    DIFY_KEY,
    ...BEYOND_DEFAULTS,
  }
  try {
    const router = await startRouterProcess({ node, env: { ...env, ...settings } })
    graph.webhook({ url: `${router.origin}/webhook`, secret })
    const { stop, ended, origin } = router
    const actors = createActors({ graph, dify, origin, token, difyToken, pageToken, waitMs })
    return {
      ...actors,
      origin,
      token,
      async consoleAddress() {
        const headers = { authorization: `Bearer ${token}` }
        const answer = await fetch(`${origin}/api/console-logins`, { method: 'POST', headers })
        const { login } = JSON.parse(taken({ status: answer.status, body: await answer.text() })) as { login: string }
        return `${origin}/console#${new URLSearchParams({ login, phone: secret, open: ID })}`
      },
      ended,
      async close() {
        await stop()
        await closeServers()
      },
    }
  } catch (error) {
    await closeServers()
    throw error
  }
}

interface Props {
  readonly graph: PretendGraph
  readonly dify: PretendDify
  readonly origin: string
  readonly token: string
  readonly difyToken: string
  readonly pageToken: string
  readonly waitMs: number
}

function createActors(props: Props): Omit<Stage, 'origin' | 'token' | 'consoleAddress' | 'ended' | 'close'> {
  const { graph, dify, origin, token, difyToken, pageToken, waitMs } = props
  const looked = { questions: 0, echoes: 0 }
  const path = `/api/conversations/${ID}`

  async function api(path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await fetch(`${origin}${path}`, { headers, ...init })
    return JSON.parse(taken({ status: response.status, body: await response.text() }))
  }

  async function write(written: { text?: string; share?: string; echo?: boolean }): Promise<Decision> {
    return decisionIn(await graph.write({ page: PAGE, user: USER, ...written }))
  }

  async function postAs(bearer: string, url: string, body: unknown): Promise<void> {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
    const { signal } = new AbortController()
    taken((await post(url, { headers, body: JSON.stringify(body), attempts: 1, waitMs: 0, signal })).at(-1)!)
  }

  return {
    id: ID,
    now: Date.now,
    customer: (text) => write({ text }),
    share: (share) => write({ share }),
    person: (text) => write({ text, echo: true }),
    async workflow(text) {
      await postAs(difyToken, `${origin}/api/mark-bot-response`, { conversation_id: ID })
      const message = { recipient: { id: USER }, messaging_type: 'RESPONSE', message: { text } }
      await postAs(pageToken, `${graph.url}/v26.0/${PAGE}/messages`, message)
      await graph.settled()
      looked.echoes = graph.echoes.length
      return decisionIn(graph.echoes.at(-1)!.attempts.at(-1)!)
    },
    bot: async () => ((await api(path)) as { bot: BotState }).bot,
    async setBot(enabled) {
      await api(`${path}/bot`, { method: 'PUT', body: JSON.stringify({ enabled }) })
    },
    messages: async () => ((await api(`${path}/messages?limit=12`)) as { messages: Said[] }).messages,
    isServed: async (path) => (await fetch(`${origin}${path}`, { headers: { authorization: `Bearer ${token}` } })).ok,
    answerWith: (answer) => dify.app({ key: DIFY_KEY, answer }),
    async heard(answers) {
      const end = Date.now() + (answers === 0 ? QUIET_MS : waitMs)
      const isEnough = (): boolean =>
        answers > 0 && graph.echoes.slice(looked.echoes).filter((echo) => isTaken(echo.attempts)).length >= answers
      while (!isEnough() && Date.now() < end) await sleep(LOOK_MS)
      const questions = dify.calls.slice(looked.questions).map(({ query }) => query)
      const echoes = graph.echoes.slice(looked.echoes).filter((echo) => isTaken(echo.attempts))
      looked.questions += questions.length
      looked.echoes += echoes.length
      return {
        questions,
        answers: echoes.map(({ mid, attempts }) => ({
          text: graph.sends.find((send) => send.mid === mid)!.text!,
          decision: decisionIn(attempts.at(-1)!),
        })),
      }
    },
  }
}

/** Returns the answer; any refusal fails the step. */
function taken({ status, body }: { readonly status: number; readonly body: string }): string {
  if (status < 200 || status >= 300) throw new Error(`answered ${status}: ${body}`)
  return body
}

function decisionIn(answer: { readonly status: number; readonly body: string }): Decision {
  const { results } = JSON.parse(taken(answer)) as { results: readonly Decision[] }
  return results[0]!
}
