import t from 'tap'
import type { AskedQuestion } from '../../src/conversation/question/question-text.js'
import { NO_NAMES, type RunNames } from '../../src/conversation/state/state.js'
import type { BriefCall } from '../../src/dify/brief-call.js'
import { createLookUp } from '../../src/dify/look-up.js'
import type { JsonObject } from '../../src/json.js'
import { answer } from '../fixtures/said.js'
import { assistantAt, question } from './server.js'

const STARTED = Date.UTC(2026, 0, 1)
const SECOND = STARTED / 1000

/** Looks up with Dify answering each path from a table: a body, or a status. */
async function lookedUp(
  app: 'chat' | 'workflow',
  pages: Record<string, JsonObject | number | null>,
  run: Partial<RunNames> = {},
  changes: Partial<AskedQuestion> = {},
) {
  const paths: string[] = []
  const waits: number[] = []
  let now = STARTED
  const call: BriefCall = async (_, { method, path }, timeoutMs) => {
    paths.push(`${method} ${path}`)
    waits.push(timeoutMs)
    now += 1000
    const page = pages[path.split('?')[0]!] ?? null
    if (page === null) return null
    return typeof page === 'number' ? { status: page, body: {} } : { status: 200, body: page }
  }
  const outcome = await createLookUp(
    call,
    () => now,
    5000,
  )({
    assistant: assistantAt('http://127.0.0.1/v1', app),
    question: { ...question, ...changes },
    run: { ...NO_NAMES, ...run },
    startedAt: STARTED,
  })
  return { outcome, paths, waits }
}

const message = (changes: object = {}) => ({
  id: 'm',
  query: 'how much?',
  answer: '5',
  status: 'normal',
  created_at: SECOND,
  ...changes,
})
const five = answer('5', 'c')

t.test('a message is looked up in its conversation', async (t) => {
  const { outcome, paths } = await lookedUp('chat', { '/messages': { data: [message()] } }, { conversationId: 'c' })
  t.same(outcome, five)
  t.same(paths, ['GET /messages?conversation_id=c&user=1-2&limit=20'])
  const asked = await lookedUp('chat', { '/messages': { data: [message()] } }, {}, { conversationId: 'c&d' })
  t.same(asked.paths, ['GET /messages?conversation_id=c%26d&user=1-2&limit=20'])
})

t.test('the message of a lost question is found by its user, text and time', async (t) => {
  for (const [what, data, run, text] of [
    ['the one with its id', [message(), message({ id: 'n', query: 'x', answer: '6', created_at: 0 })], 'n', '6'],
    [
      'the one with the same words',
      [message({ query: 'x', answer: '6' }), message({ query: 'how much?\n' })],
      null,
      '5',
    ],
    ['the newest of two', [message({ answer: '6' }), message({ created_at: SECOND + 1 })], null, '5'],
    ['the newest of two, newest first', [message({ created_at: SECOND + 1 }), message({ answer: '6' })], null, '5'],
    ['by its words where its id is not there', [message()], 'other', '5'],
    ['asked within the slack', [message({ created_at: SECOND - 2 })], null, '5'],
    ['not the same words of earlier', [message({ created_at: SECOND - 3 })], null, null],
    ['none', [], null, null],
  ] as const) {
    const { outcome } = await lookedUp('chat', { '/messages': { data } }, { conversationId: 'c', messageId: run })
    t.same(outcome, text === null ? null : answer(text), what)
  }
})

t.test('a message tells how far its run is', async (t) => {
  for (const [changes, outcome] of [
    [{ answer: '' }, { is: 'unknown', code: 'running' }],
    [{ answer: null }, { is: 'unknown', code: 'running' }],
    [{ status: undefined }, five],
    [{ status: 'paused' }, { is: 'handoff', conversationId: 'c' }],
    [{ status: 'something new' }, { is: 'unknown', code: 'incomplete' }],
    [
      { status: 'error', answer: '' },
      { is: 'failed', code: 'message_error', isWorthRetry: false },
    ],
    [
      { answer: '', message_files: [{ type: 'image', url: '/a.png', belongs_to: 'assistant' }] },
      {
        is: 'answer',
        said: { text: '', files: [{ kind: 'image', url: '/a.png', name: null }], quickReplies: [] },
        conversationId: 'c',
      },
    ],
    [
      { answer: '', message_files: [{ type: 'image', url: '/a.png', belongs_to: 'user' }] },
      { is: 'unknown', code: 'running' },
    ],
    [{ answer: 'x'.repeat(20_001) }, { is: 'failed', code: 'too_large', isWorthRetry: false }],
  ] as const) {
    const pages = { '/messages': { data: [message(changes)] } }
    t.same((await lookedUp('chat', pages, { conversationId: 'c' })).outcome, outcome)
  }
})

t.test('a chatflow’s run record tells whether its message is complete, if Dify shows it', async (t) => {
  const run = { workflowRunId: 'w', conversationId: 'c', messageId: 'm' }
  const paths = ['GET /workflows/run/w', 'GET /messages?conversation_id=c&user=1-2&limit=20']
  for (const [body, outcome, looked] of [
    [{ status: 'succeeded', outputs: { answer: 'x' } }, five, paths],
    [{ status: 'running' }, { is: 'unknown', code: 'running' }, paths.slice(0, 1)],
    [{ status: 'stopped' }, { is: 'failed', code: 'workflow_stopped', isWorthRetry: false }, paths.slice(0, 1)],
    [{ status: 'paused' }, { is: 'handoff', conversationId: null }, paths.slice(0, 1)],
    [400, five, paths],
    [404, five, paths],
  ] as const) {
    const found = await lookedUp('chat', { '/workflows/run/w': body, '/messages': { data: [message()] } }, run)
    t.same(found.outcome, outcome)
    t.same(found.paths, looked)
  }
})

t.test('a conversation that was not named is the newest since the question', async (t) => {
  const pages = (created_at: number, id = 'c') => ({
    '/conversations': { data: [{ id, created_at }] },
    '/messages': { data: [message()] },
  })
  const { outcome, paths, waits } = await lookedUp('chat', pages(SECOND - 2))
  t.same(outcome, five)
  t.same(paths, [
    'GET /conversations?user=1-2&limit=1&sort_by=-created_at',
    'GET /messages?conversation_id=c&user=1-2&limit=20',
  ])
  t.same(waits, [5000, 4000], 'one time for both')
  t.equal((await lookedUp('chat', pages(SECOND - 3))).outcome, null, 'it is too old')
  t.equal((await lookedUp('chat', pages(SECOND, ''))).outcome, null, 'it has no id')
  t.equal((await lookedUp('chat', { '/conversations': { data: [] } })).outcome, null, 'there is none')
  t.equal((await lookedUp('chat', { '/conversations': 500 })).outcome, null, 'Dify does not say')
})

t.test('where Dify has forgotten the conversation, the question is looked for in the one that it began', async (t) => {
  const paths: string[] = []
  const look = createLookUp(
    async (_, { path }) => {
      paths.push(path.split('&user')[0]!)
      if (path.startsWith('/conversations')) return { status: 200, body: { data: [{ id: 'new', created_at: SECOND }] } }
      return path.includes('=old') ? { status: 404, body: {} } : { status: 200, body: { data: [message()] } }
    },
    () => STARTED,
    5000,
  )
  const asked = { ...question, conversationId: 'old' }
  const assistant = assistantAt('http://127.0.0.1/v1', 'chat')
  const found = await look({ assistant, question: asked, run: NO_NAMES, startedAt: STARTED })
  t.same(found, answer('5', 'new'))
  t.same(paths, [
    '/messages?conversation_id=old',
    '/conversations?user=1-2&limit=1&sort_by=-created_at',
    '/messages?conversation_id=new',
  ])
})

t.test('a look-up finds nothing where Dify has forgotten the conversation or does not answer', async (t) => {
  for (const page of [404, 500, null]) {
    t.equal((await lookedUp('chat', { '/messages': page }, { conversationId: 'c' })).outcome, null)
  }
})

t.test('a workflow is looked up by its run', async (t) => {
  const run = { workflowRunId: 'w/1' }
  for (const [body, outcome] of [
    [
      { status: 'succeeded', outputs: { answer: '5' } },
      { ...five, conversationId: null },
    ],
    [
      { status: 'partial-succeeded', outputs: '{"answer":"5"}' },
      { ...five, conversationId: null },
    ],
    [{ status: 'failed' }, { is: 'failed', code: 'workflow_failed', isWorthRetry: false }],
    [{ status: 'stopped' }, { is: 'failed', code: 'workflow_stopped', isWorthRetry: false }],
    [{ status: 'running' }, { is: 'unknown', code: 'running' }],
    [404, null],
    [500, null],
    [null, null],
  ] as const) {
    const { outcome: found, paths } = await lookedUp('workflow', { '/workflows/run/w%2F1': body }, run)
    t.same(found, outcome)
    t.same(paths, ['GET /workflows/run/w%2F1'])
  }
})

t.test('a workflow without a name cannot be looked up', async (t) => {
  t.same(await lookedUp('workflow', {}), { outcome: null, paths: [], waits: [] })
})
