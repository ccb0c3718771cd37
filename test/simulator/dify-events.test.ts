import t from 'tap'
import {
  blockingOf,
  closingOf,
  type DifyEvent,
  errorOf,
  openingOf,
  pieceOf,
  piecesOf,
  replacementOf,
  runOf,
} from '../../src/simulator/dify-events.js'
import { APP_DEFAULTS, type DifyApp, type DifyCall } from '../../src/simulator/dify-settings.js'

function callOf(kind: DifyApp['kind'], facts: Partial<DifyCall> = {}): DifyCall {
  const isChat = kind !== 'workflow'
  return {
    at: 1_700_000_000_500,
    taskId: 't1',
    conversationId: isChat ? 'c1' : null,
    messageId: isChat ? 'm1' : null,
    workflowRunId: kind === 'workflow' || kind === 'chatflow' ? 'r1' : null,
    status: 'succeeded',
    answer: 'hello',
    error: null,
    endedAt: 1_700_000_001_500,
    ...facts,
  } as DifyCall
}

const appOf = (kind: DifyApp['kind'], facts: Partial<DifyApp> = {}): DifyApp => ({ ...APP_DEFAULTS, kind, ...facts })
const namesOf = (events: readonly DifyEvent[]): unknown[] => events.map(({ event }) => event)
const KINDS = ['chat', 'agent', 'chatflow', 'workflow'] as const

t.test('a text is cut into so many pieces, never within a character', async (t) => {
  t.strictSame(piecesOf('abcdefg', 3), ['abc', 'def', 'g'])
  t.strictSame(piecesOf('👤🤖', 2), ['👤', '🤖'])
  t.strictSame(piecesOf('a', 3), ['a'])
  t.strictSame(piecesOf('', 3), [])
})

t.test('each kind of app has its own order of events', async (t) => {
  const opening = ['workflow_started', 'node_started', 'node_finished']
  const expected = {
    chat: [[], 'message', ['message_end']],
    agent: [['agent_thought'], 'agent_message', ['message', 'message_end']],
    chatflow: [opening, 'message', ['message_end', 'workflow_finished']],
    workflow: [opening, 'text_chunk', ['workflow_finished']],
  }
  for (const kind of KINDS) {
    const [app, call] = [appOf(kind), callOf(kind)]
    const told = [namesOf(openingOf(app, call)), pieceOf(app, call, 'he')['event'], namesOf(closingOf(app, call))]
    t.strictSame(told, expected[kind], kind)
  }
})

t.test('every event carries the names that its kind has', async (t) => {
  const names = {
    chat: { task_id: 't1', conversation_id: 'c1', message_id: 'm1', created_at: 1_700_000_000 },
    agent: { task_id: 't1', conversation_id: 'c1', message_id: 'm1' },
    chatflow: { task_id: 't1', conversation_id: 'c1', message_id: 'm1', workflow_run_id: 'r1' },
    workflow: { task_id: 't1', workflow_run_id: 'r1', conversation_id: undefined },
  }
  for (const kind of KINDS) {
    const [app, call] = [appOf(kind), callOf(kind)]
    const events = [...openingOf(app, call), pieceOf(app, call, 'x'), ...closingOf(app, call), errorOf(call)]
    for (const event of events) t.match(event, names[kind], `${kind} ${String(event['event'])}`)
  }
})

t.test('a piece is an answer, a workflow’s a text', async (t) => {
  t.match(pieceOf(appOf('chat'), callOf('chat'), 'he'), { answer: 'he', id: 'm1' })
  t.match(pieceOf(appOf('workflow'), callOf('workflow'), 'he'), { data: { text: 'he' } })
  t.match(replacementOf(callOf('chat')), { event: 'message_replace', answer: 'hello' })
})

t.test('the closing event of a run can be chosen', async (t) => {
  const closing = (kind: DifyApp['kind'], app: Partial<DifyApp>, call: Partial<DifyCall> = {}): unknown[] =>
    namesOf(closingOf(appOf(kind, app), callOf(kind, call)))
  t.strictSame(closing('agent', { closingMessage: false }), ['message_end'])
  t.strictSame(closing('agent', {}, { status: 'stopped' }), ['message_end'])
  t.strictSame(closing('chatflow', { last: 'message_end' }), ['workflow_finished', 'message_end'])
})

t.test('a run that failed or waits says so in its own way', async (t) => {
  const error = { status: 400, code: 'invalid_param', message: 'overloaded' }
  for (const [kind, status, events] of [
    ['chat', 'failed', ['error']],
    ['agent', 'failed', ['error']],
    ['chatflow', 'failed', ['workflow_finished', 'error']],
    ['workflow', 'failed', ['workflow_finished']],
    ['agent', 'paused', ['human_input_required']],
    ['chatflow', 'paused', ['human_input_required', 'workflow_paused']],
    ['workflow', 'paused', ['human_input_required', 'workflow_paused']],
  ] as const) {
    t.strictSame(namesOf(closingOf(appOf(kind), callOf(kind, { status, error }))), events, `${kind} ${status}`)
  }
  const [finished] = closingOf(appOf('workflow'), callOf('workflow', { status: 'failed', error }))
  t.match(finished, { data: { status: 'failed', error: 'overloaded', outputs: {} } })
  t.match(errorOf(callOf('chat', { error })), { event: 'error', ...error, task_id: 't1' })
})

t.test('a workflow’s outputs hold the answer under the chosen name', async (t) => {
  const outputs = (kind: DifyApp['kind'], app: Partial<DifyApp>): unknown =>
    runOf(appOf(kind, app), callOf(kind))['outputs']
  t.strictSame(outputs('chatflow', { output: 'x' }), { answer: 'hello' })
  t.strictSame(outputs('workflow', {}), { answer: 'hello' })
  t.strictSame(outputs('workflow', { output: 'text', outputs: { n: 1 } }), { n: 1, text: 'hello' })
  t.strictSame(outputs('workflow', { output: null, outputs: { n: 1 } }), { n: 1 })
})

t.test('a run that goes on has no end', async (t) => {
  t.match(runOf(appOf('workflow'), callOf('workflow', { status: 'running', endedAt: null })), {
    id: 'r1',
    status: 'running',
    outputs: {},
    error: null,
    created_at: 1_700_000_000,
    finished_at: null,
  })
})

t.test('a blocking call gets the whole answer at once', async (t) => {
  t.match(blockingOf(appOf('chat'), callOf('chat')), { event: 'message', mode: 'chat', answer: 'hello', id: 'm1' })
  t.match(blockingOf(appOf('chatflow'), callOf('chatflow')), { mode: 'advanced-chat', conversation_id: 'c1' })
  t.match(blockingOf(appOf('workflow'), callOf('workflow')), {
    workflow_run_id: 'r1',
    task_id: 't1',
    data: { outputs: { answer: 'hello' } },
  })
})
