import t from 'tap'
import {
  answered,
  codeOfFailure,
  outcomeOfError,
  outcomeOfRun,
  outcomeOfStatus,
  outcomeOfUnsent,
  retryAfterMs,
  TOO_LARGE,
} from '../../src/dify/outcome.js'
import { answer, said } from '../fixtures/said.js'

t.test('an answer is as long as any text may be', async (t) => {
  t.same(answered(said('x'.repeat(20_000)), 'c'), answer('x'.repeat(20_000)))
  t.equal(answered(said('x'.repeat(20_001)), 'c'), TOO_LARGE)
  t.same(answered(said(''), null), answer('', null))
  const thought = `<think>${'x'.repeat(30_000)}</think>Hello`
  t.same(answered(said(thought), 'c'), answer(thought), 'what is thought before it does not count')
  t.equal(answered(said(`<think>${'x'.repeat(400_000)}</think>Hello`), 'c'), TOO_LARGE)
})

t.test('a status tells whether the run began, and whether Dify works at all', async (t) => {
  const notStarted = (code: string, isWorthRetry: boolean, isDown: boolean) => ({
    is: 'not_started',
    code,
    isWorthRetry,
    retryAfterMs: 500,
    isDown,
  })
  for (const [status, body, outcome] of [
    [301, null, notStarted('http_301', false, false)],
    [400, { code: 'invalid_param' }, notStarted('invalid_param', false, false)],
    [401, {}, notStarted('http_401', false, false)],
    [400, { code: 'what the customer wrote' }, notStarted('error', false, false)],
    [400, { code: 7 }, notStarted('error', false, false)],
    [404, null, notStarted('http_404', false, false)],
    [429, { code: 'too_many_requests' }, notStarted('too_many_requests', true, false)],
    [500, { code: 'internal_server_error' }, notStarted('internal_server_error', true, true)],
    [503, null, notStarted('http_503', true, true)],
    [502, null, { is: 'unknown', code: 'http_502' }],
    [504, null, { is: 'unknown', code: 'http_504' }],
    [520, null, { is: 'unknown', code: 'http_520' }],
  ] as const) {
    t.same(outcomeOfStatus(status, body, 500), outcome, `${status}`)
  }
})

t.test('an error inside a stream is worth another try where it is a matter of load', async (t) => {
  for (const [event, code, isWorthRetry] of [
    [{ code: 'too_many_requests', status: 400 }, 'too_many_requests', true],
    [{ code: 'completion_request_error', status: 400 }, 'completion_request_error', false],
    [{ code: 'rate_limit', status: 429 }, 'rate_limit', true],
    [{ code: 'internal_server_error', status: 500 }, 'internal_server_error', true],
    [{ message: 'oh' }, 'error', false],
    [{ code: 'x'.repeat(65) }, 'error', false],
  ] as const) {
    t.same(outcomeOfError(event), { is: 'failed', code, isWorthRetry })
  }
})

t.test('a run is judged by its status', async (t) => {
  const outputs = { answer: 'a' }
  t.same(outcomeOfRun({ status: 'succeeded', outputs }, ''), answer('a', null))
  t.same(outcomeOfRun({ status: 'partial-succeeded' }, 's'), answer('s', null))
  for (const [status, code] of [
    ['failed', 'workflow_failed'],
    ['stopped', 'workflow_stopped'],
  ]) {
    t.same(outcomeOfRun({ status, outputs }, ''), { is: 'failed', code, isWorthRetry: false })
  }
  t.same(outcomeOfRun({ status: 'paused', outputs }, ''), { is: 'handoff', conversationId: null })
  t.equal(outcomeOfRun({ status: 'running' }, ''), null)
})

t.test('a request that never left says that Dify is down, unless it is our own doing', async (t) => {
  const unsent = (code: string, isWorthRetry: boolean, isDown: boolean) =>
    t.same(outcomeOfUnsent(code), { is: 'not_started', code, isWorthRetry, retryAfterMs: 0, isDown })
  unsent('ECONNREFUSED', true, true)
  unsent('UND_ERR_DESTROYED', true, false)
  unsent('UND_ERR_INVALID_ARG', false, false)
})

t.test('a failure goes by its code', async (t) => {
  t.equal(codeOfFailure(Object.assign(new Error('x'), { code: 'ECONNRESET' })), 'ECONNRESET')
  t.equal(codeOfFailure(new Error('secret')), 'error')
})

t.test('Retry-After is a number of seconds or a date', async (t) => {
  const now = Date.UTC(2026, 0, 1)
  for (const [header, ms] of [
    [undefined, 0],
    [['1', '2'], 0],
    ['7', 7_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', 0],
    ['99999999', 3_600_000],
  ] as const) {
    t.equal(retryAfterMs(header as string | string[] | undefined, now), ms, String(header))
  }
})
