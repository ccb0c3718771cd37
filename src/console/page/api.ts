import { session } from './session.js'

/** The client of the router's public API. Failures are returned as values, so that each caller must show them. */

export interface Problem {
  /** 0 when there was no response. */
  readonly status: number
  readonly code: string
  readonly message: string
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly token?: string
}

const WAIT_MS = 15_000

/** Called with every problem, for the status line. */
type Listener = (problem: Problem, token: string) => void
let onProblem: Listener = () => {}

export function listenForProblems(listener: Listener): void {
  onProblem = listener
}

/** How far the router's clock is ahead of the browser's. */
let clockOffsetMs = 0

export function routerNow(): number {
  return Date.now() + clockOffsetMs
}

export async function ask<T>(path: string, request: Request = {}): Promise<Answer<T>> {
  const answered = await fetchText(path, request)
  if (!answered.ok) return answered
  const { value: text } = answered
  return { ok: true, value: (text === '' ? null : JSON.parse(text)) as T }
}

export async function fetchText(path: string, request: Request = {}): Promise<Answer<string>> {
  const { method = 'GET', body, headers = {}, token = session.value?.token ?? '' } = request
  try {
    const response = await fetch(path.slice(1), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(WAIT_MS),
    })
    const text = await response.text()
    compareClocks(response)
    return response.ok ? { ok: true, value: text } : failed(problemIn(response.status, text), token)
  } catch {
    return failed(NOBODY, token)
  }
}

function failed(problem: Problem, token: string): { readonly ok: false; readonly problem: Problem } {
  onProblem(problem, token)
  return { ok: false, problem }
}

const NOBODY: Problem = { status: 0, code: 'away', message: 'The router does not answer.' }

function problemIn(status: number, text: string): Problem {
  try {
    const { code, message } = JSON.parse(text) as { code?: string; message?: string }
    return { status, code: code ?? 'unknown', message: message ?? text }
  } catch {
    // A proxy's own response, which is not in the API's shape.
    return { status: status >= 500 ? 0 : status, code: 'unknown', message: `The answer was ${status}.` }
  }
}

function compareClocks(response: Response): void {
  const told = Date.parse(response.headers.get('date') ?? '')
  // The Date header has whole seconds, so smaller differences are ignored.
  if (Number.isFinite(told)) clockOffsetMs = Math.abs(told - Date.now()) > 2000 ? told - Date.now() : 0
}
