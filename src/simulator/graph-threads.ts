import type { ServerResponse } from 'node:http'
import { isObject } from '../json.js'
import { type GraphRequest, type MetaError, type PageSettings, refuse } from './graph-settings.js'
import { answerJson } from './listen.js'
import type { Written } from './payload.js'
import { pause } from './wait.js'

/** The pretended Conversations API: keeps what was written and sent, whether or not a webhook told it. */
export interface Threads {
  note(said: SaidThere): void
  script(page: string, answers: readonly ThreadsAnswer[]): void
  answer(request: GraphRequest, response: ServerResponse, signal: AbortSignal): Promise<void>
  /** Clears the scripts; what was said stays. */
  reset(): void
}

export type SaidThere = Pick<Written, 'page' | 'user' | 'text' | 'echo' | 'share' | 'attachments' | 'timestamp'> & {
  readonly mid: string
}

/** What one request for conversations is answered instead. */
export interface ThreadsAnswer {
  readonly error?: MetaError
  /** Anything, whether it makes sense or not; a text as it is. */
  readonly body?: unknown
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly delayMs?: number
  readonly hang?: true
}

const MOST_MESSAGES = 200
const MOST_THREADS = 10_000
/** Meta gives the details of so many. */
const SHOWN_MESSAGES = 20

export function createThreads(settingsOf: (page: string) => PageSettings): Threads {
  /** By the account and the customer, those that changed last at the end. */
  const threads = new Map<string, readonly SaidThere[]>()
  const scripts = new Map<string, ThreadsAnswer[]>()

  /** An Instagram account that is reached through a Page is asked for under the Page's id. */
  const accountOf = (page: string): string => settingsOf(page).echoAs ?? page

  function note(said: SaidThere): void {
    const key = `${accountOf(said.page)}-${said.user}`
    const messages = [...(threads.get(key) ?? []), said].sort((a, b) => a.timestamp - b.timestamp)
    threads.delete(key)
    threads.set(key, messages.slice(-MOST_MESSAGES))
    if (threads.size > MOST_THREADS) threads.delete([...threads.keys()][0]!)
  }

  async function answer(request: GraphRequest, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const scripted = scripts.get(request.id)?.shift() ?? {}
    await pause(scripted.delayMs ?? 0, signal)
    if (scripted.hang) return
    if (scripted.error) return refuse(request, response, scripted.error, scripted.headers)
    request.status = scripted.status ?? 200
    if (typeof scripted.body === 'string') {
      response.writeHead(request.status, scripted.headers)
      response.end(scripted.body)
      return
    }
    answerJson(response, request.status, scripted.body ?? listed(request), scripted.headers)
  }

  function listed({ id, query }: GraphRequest): object {
    const account = accountOf(id)
    const { limit = '25', after = '0', user_id: user, fields = 'id,updated_time' } = query
    const mine = [...threads].filter(([key]) => key.startsWith(`${account}-`)).map(([, messages]) => messages)
    const wanted = mine.filter(([first]) => user === undefined || first!.user === user)
    const all = wanted.sort((a, b) => b.at(-1)!.timestamp - a.at(-1)!.timestamp)
    const from = Number(after)
    const to = Math.min(from + Number(limit), all.length)
    const data = all.slice(from, to).map((messages) => shown(threadOf(messages, account), fields))
    const next = to < all.length ? { next: `http://127.0.0.1:1/${id}/conversations?access_token=secret` } : {}
    return {
      data,
      ...(data.length === 0 ? {} : { paging: { cursors: { before: after, after: String(to) }, ...next } }),
    }
  }

  return {
    note,
    script(page, answers) {
      scripts.set(page, [...(scripts.get(page) ?? []), ...answers])
    },
    answer,
    reset: () => scripts.clear(),
  }
}

function threadOf(messages: readonly SaidThere[], account: string) {
  const { user, timestamp } = messages.at(-1)!
  const newest = messages.slice(-SHOWN_MESSAGES).reverse()
  return {
    id: `t_${account}_${user}`,
    updated_time: timeText(timestamp),
    participants: { data: [{ id: user }, { id: account }] },
    messages: { data: newest.map((said) => messageOf(said, account)) },
  }
}

function messageOf(
  { mid, user, text = '', echo = false, share, attachments = [], timestamp }: SaidThere,
  account: string,
) {
  const files = attachments.flatMap(fileOf)
  const [from, to] = echo ? [account, user] : [user, account]
  return {
    id: mid,
    created_time: timeText(timestamp),
    from: { id: from },
    to: { data: [{ id: to }] },
    message: text,
    ...(files.length === 0 ? {} : { attachments: { data: files } }),
    ...(share === undefined ? {} : { shares: { data: [{ link: share }] } }),
  }
}

/** An attachment of a webhook or of a send, as the Conversations API has it. */
function fileOf(attachment: unknown): readonly object[] {
  if (!isObject(attachment) || !isObject(attachment['payload'])) return []
  const { url } = attachment['payload']
  if (attachment['type'] === 'image') return [{ mime_type: 'image/jpeg', image_data: { url } }]
  if (attachment['type'] === 'video') return [{ mime_type: 'video/mp4', video_data: { url } }]
  return [{ mime_type: attachment['type'] === 'audio' ? 'audio/mpeg' : 'application/pdf', file_url: url }]
}

/** Only the fields that were asked for; those of messages stand in braces. */
function shown(thread: ReturnType<typeof threadOf>, fields: string): object {
  const ofMessages = /messages\{([^}]*)\}/.exec(fields)?.[1] ?? 'id,created_time'
  const names = fields.replace(/\{[^}]*\}/g, '').split(',')
  const picked = pick(thread, names)
  if (!names.includes('messages')) return picked
  return { ...picked, messages: { data: thread.messages.data.map((each) => pick(each, ofMessages.split(','))) } }
}

function pick(of: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(of).filter(([name]) => names.includes(name)))
}

/** In whole seconds, as Meta has it. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, '+0000')
}
