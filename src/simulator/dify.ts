import type { ServerResponse } from 'node:http'
import { answerControl } from './control.js'
import { DIFY_FIELDS, type DifyControls } from './dify-controls.js'
import { runOf } from './dify-events.js'
import { createDifyMemory, messagesOf, namesFor } from './dify-memory.js'
import { blockTo, streamTo } from './dify-output.js'
import { play } from './dify-run.js'
import {
  APP_DEFAULTS,
  BAD_KEY,
  type DifyApp,
  type DifyCall,
  type DifyFault,
  type DifyRefusal,
  type DifyStop,
  invalid,
  NO_CONVERSATION,
  NO_ROUTE,
  NO_RUN,
  NOT_CHAT,
  NOT_WORKFLOW,
} from './dify-settings.js'
import { createFaults } from './faults.js'
import { answerJson, listen, type Received } from './listen.js'
import { pause, untilAborted } from './wait.js'

export interface DifyOptions {
  /** Apps by their key. */
  readonly apps?: Readonly<Record<string, Partial<DifyApp>>>
  readonly port?: number
}

export interface PretendDify extends DifyControls {
  /** The value for a channel's `dify.url`, with `/v1`. */
  readonly url: string
  /** The base of `/_control/…`. */
  readonly origin: string
  readonly requests: readonly Received[]
  readonly calls: readonly DifyCall[]
  readonly stops: readonly DifyStop[]
  readonly close: () => Promise<void>
}

interface Asked {
  readonly received: Received
  readonly response: ServerResponse
  readonly key: string
  readonly app: DifyApp
  readonly user: string
}

interface AskBody {
  readonly user?: string
  readonly query?: string
  readonly inputs?: Readonly<Record<string, unknown>>
  readonly conversation_id?: string
  readonly response_mode?: string
}

/** Dify's names for the kinds of apps. */
const MODES = { chat: 'chat', agent: 'agent-chat', chatflow: 'advanced-chat', workflow: 'workflow' } as const
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const refuse = (response: ServerResponse, refusal: DifyRefusal): void => answerJson(response, refusal.status, refusal)

/** A form's body is kept as text, whatever its file holds. */
function userInForm(body: unknown): string | undefined {
  return /name="user"\r\n\r\n([^\r]+)/.exec(String(body))?.[1]
}

export async function startPretendDify(options: DifyOptions = {}): Promise<PretendDify> {
  const apps = new Map<string, DifyApp>()
  const faults = { ask: createFaults<DifyFault>(), lookup: createFaults<DifyFault>() }
  const memory = createDifyMemory()
  const requests: Received[] = []
  const calls: DifyCall[] = []
  const stops: DifyStop[] = []
  const stopping = new Map<string, AbortController>()
  const underWay = new Set<Promise<void>>()
  let life = new AbortController()

  const ask = async (asked: Asked): Promise<void> => {
    const { received, response, key, app, user } = asked
    const body = received.body as AskBody
    const isChat = app.kind !== 'workflow'
    const isStream = body.response_mode === 'streaming'
    if (received.path.endsWith('/run') === isChat) return refuse(response, isChat ? NOT_WORKFLOW : NOT_CHAT)
    const query = isChat ? body.query : body.inputs?.['query']
    if (isChat && !query) return refuse(response, invalid('query is required'))
    if (app.kind === 'agent' && !isStream) {
      return refuse(response, invalid('Agent Chat App does not support blocking mode'))
    }
    const wanted = isChat ? (body.conversation_id ?? '') : ''
    if (wanted !== '' && !UUID.test(wanted)) return refuse(response, invalid('conversation_id must be a valid UUID'))
    const fault = faults.ask.next(key)
    if (fault.status !== undefined) return answerJson(response, fault.status, fault.body ?? {}, fault.headers)
    const known = wanted === '' ? null : memory.find(key, user, wanted)
    if (wanted !== '' && known === null && app.unknownConversation === 'refuse') {
      return refuse(response, NO_CONVERSATION)
    }
    const conversation = isChat ? (known ?? memory.begin(key, user)) : null
    const call: DifyCall = {
      ...received,
      ...namesFor(app.kind, conversation),
      key,
      user,
      query: String(query ?? ''),
      status: 'running',
      answer: '',
      error: null,
      endedAt: null,
      cutAt: null,
      clientClosedAt: null,
      marks: [],
      sends: [],
    }
    calls.push(call)
    conversation?.calls.push(call)
    response.once('close', () => {
      if (!response.writableFinished && call.cutAt === null) call.clientClosedAt = Date.now()
    })
    const stop = new AbortController()
    stopping.set(call.taskId, stop)
    const output = isStream ? streamTo(response, app) : blockTo(response, app, call)
    const run = play({ app, call, fault, output, signal: stop.signal })
    underWay.add(run)
    await run.finally(() => underWay.delete(run))
  }

  const stop = ({ received, response, key, user }: Asked): void => {
    const taskId = received.path.split('/').at(-2)!
    const call = calls.find((one) => one.taskId === taskId && one.key === key && one.user === user)
    const isStopped = call?.status === 'running'
    stops.push({ at: received.at, key, taskId, user, isStopped })
    if (isStopped) stopping.get(taskId)!.abort()
    // Dify answers the same for an unknown task.
    answerJson(response, 200, { result: 'success' })
  }

  const stopEverything = (): void => {
    for (const stop of stopping.values()) stop.abort()
    life.abort()
  }

  const lookUp = async ({ received, response, key, app, user }: Asked): Promise<void> => {
    const { method, path, query } = received
    const fault = faults.lookup.next(key)
    await pause(fault.delayMs ?? 0, life.signal)
    if (fault.hang) await untilAborted(life.signal)
    if (fault.status !== undefined) return answerJson(response, fault.status, fault.body ?? {}, fault.headers)
    const limit = Number(query['limit'] ?? 20)
    const [, what, id = ''] = path.split('/').slice(1)
    if (what === 'workflows') {
      const call = calls.find((one) => one.key === key && one.workflowRunId === path.split('/').at(-1))
      if (!call) return refuse(response, NO_RUN)
      const { inputs = {} } = call.body as AskBody
      return answerJson(response, 200, { ...runOf(app, call), inputs: JSON.stringify(inputs) })
    }
    if (what === 'conversations' && method === 'GET') return answerJson(response, 200, memory.list(key, user, limit))
    const conversation = memory.find(key, user, what === 'messages' ? (query['conversation_id'] ?? '') : id)
    if (!conversation) return refuse(response, NO_CONVERSATION)
    if (what === 'messages') return answerJson(response, 200, messagesOf(conversation, limit, query['first_id']))
    memory.forget(conversation.id)
    response.writeHead(204).end()
  }

  const hear = ({ received, response, app }: Asked): void => {
    const isForm = String(received.headers['content-type']).startsWith('multipart/form-data')
    if (!isForm) refuse(response, invalid('No audio uploaded'))
    else if (app.hears === null) refuse(response, invalid('Speech to text is not enabled'))
    else answerJson(response, 200, { text: app.hears })
  }

  const suggest = ({ response, app }: Asked): void => {
    if (app.suggests === null) refuse(response, invalid('Suggested Questions Is Disabled.'))
    else answerJson(response, 200, { result: 'success', data: app.suggests })
  }

  const routes: readonly (readonly [RegExp, (asked: Asked) => Promise<void> | void])[] = [
    [/^POST \/v1\/(chat-messages|workflows\/run)$/, ask],
    [/^POST \/v1\/(chat-messages|workflows\/tasks)\/[^/]+\/stop$/, stop],
    [/^POST \/v1\/audio-to-text$/, hear],
    [/^GET \/v1\/messages\/[^/]+\/suggested$/, suggest],
    [/^GET \/v1\/(messages|conversations|workflows\/run\/[^/]+)$/, lookUp],
    [/^DELETE \/v1\/conversations\/[^/]+$/, lookUp],
    [
      /^GET \/v1\/info$/,
      ({ response, app }) => answerJson(response, 200, { name: 'Pretended', mode: MODES[app.kind] }),
    ],
  ]

  const controls: DifyControls = {
    app({ key, ...settings }) {
      apps.set(key, { ...APP_DEFAULTS, ...apps.get(key), ...settings })
    },
    script: ({ key, on = 'ask', faults: scripted }) => faults[on].script(key, scripted),
    always: ({ key, on = 'ask', fault }) => faults[on].always(key, fault),
    refuse: (until) => listener.refuse(until),
    accept: () => listener.accept(),
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    reset() {
      stopEverything()
      life = new AbortController()
      faults.ask.reset()
      faults.lookup.reset()
      memory.reset()
      stopping.clear()
      requests.length = 0
      calls.length = 0
      stops.length = 0
    },
  }
  for (const [key, settings] of Object.entries(options.apps ?? {})) controls.app({ key, ...settings })
  const readings = { requests: () => requests, calls: () => calls, stops: () => stops }

  const listener = await listen(options.port ?? 0, async (received, response) => {
    if (await answerControl(received, response, { ...controls }, readings, DIFY_FIELDS)) return
    requests.push(received)
    const [, take] = routes.find(([route]) => route.test(`${received.method} ${received.path}`)) ?? []
    if (!take) return refuse(response, NO_ROUTE)
    const key = /^Bearer (.+)$/.exec(received.headers.authorization ?? '')?.[1] ?? ''
    const app = apps.get(key)
    if (!app) return refuse(response, BAD_KEY)
    const { user = received.query['user'] ?? userInForm(received.body) } = (received.body ?? {}) as AskBody
    const needsUser = !/^\/v1\/(workflows\/run\/|info$)/.test(received.path)
    if (needsUser && !user) return refuse(response, invalid('Arg user must be provided.'))
    await take({ received, response, key, app, user: user ?? '' })
  })
  return {
    ...controls,
    origin: listener.origin,
    url: `${listener.origin}/v1`,
    requests,
    calls,
    stops,
    async close() {
      stopEverything()
      await listener.close()
    },
  }
}
