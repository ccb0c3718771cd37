import type { DifyApp, DifyCall } from './dify-settings.js'

/** The events of a run, as each kind of app sends them. */

export type DifyEvent = Readonly<Record<string, unknown>>

const seconds = (ms: number): number => Math.floor(ms / 1000)

/** Splits a text into pieces of whole characters; at least one piece unless the text is empty. */
export function piecesOf(text: string, count: number): readonly string[] {
  const characters = Array.from(text)
  const size = Math.ceil(characters.length / count)
  const pieces: string[] = []
  for (let from = 0; from < characters.length; from += size) pieces.push(characters.slice(from, from + size).join(''))
  return pieces
}

/** The ids that every event has. */
function namesOf(call: DifyCall): DifyEvent {
  const { taskId, conversationId, messageId, workflowRunId } = call
  return {
    task_id: taskId,
    ...(conversationId === null
      ? {}
      : { conversation_id: conversationId, message_id: messageId, created_at: seconds(call.at) }),
    ...(workflowRunId === null ? {} : { workflow_run_id: workflowRunId }),
  }
}

export function openingOf(app: DifyApp, call: DifyCall): readonly DifyEvent[] {
  const names = namesOf(call)
  switch (app.kind) {
    case 'chat':
      return []
    case 'agent':
      return [
        {
          event: 'agent_thought',
          id: `${call.messageId}-1`,
          ...names,
          position: 1,
          thought: '',
          observation: '',
          tool: '',
          tool_input: '',
          message_files: [],
        },
      ]
    case 'chatflow':
    case 'workflow': {
      const node = { id: 'n1', node_id: 'llm', node_type: 'llm', title: 'LLM', index: 1, created_at: seconds(call.at) }
      const data = { id: call.workflowRunId, workflow_id: 'w1', inputs: {}, created_at: seconds(call.at) }
      return [
        { event: 'workflow_started', ...names, data },
        { event: 'node_started', ...names, data: { ...node, inputs: null } },
        { event: 'node_finished', ...names, data: { ...node, status: 'succeeded', outputs: {}, elapsed_time: 0.1 } },
      ]
    }
  }
}

export function pieceOf(app: DifyApp, call: DifyCall, text: string): DifyEvent {
  const names = namesOf(call)
  if (app.kind === 'workflow') {
    return { event: 'text_chunk', ...names, data: { text, from_variable_selector: ['llm', 'text'] } }
  }
  const event = app.textIn === 'message_file' ? app.textIn : app.kind === 'agent' ? 'agent_message' : 'message'
  return { event, id: call.messageId, ...names, answer: text }
}

export function replacementOf(call: DifyCall): DifyEvent {
  return { event: 'message_replace', ...namesOf(call), answer: call.answer, reason: 'output_moderation' }
}

export function errorOf(call: DifyCall): DifyEvent {
  return { event: 'error', ...namesOf(call), ...call.error }
}

/** The closing events, by how the call ended. */
export function closingOf(app: DifyApp, call: DifyCall): readonly DifyEvent[] {
  const names = namesOf(call)
  const files = app.files.filter(({ at }) => at === 'end').map(fileOf)
  const messageEnd = { event: 'message_end', id: call.messageId, ...names, metadata: { usage: {} }, files }
  if (app.kind === 'chat' || app.kind === 'agent') {
    if (call.status === 'failed') return [errorOf(call)]
    if (call.status === 'paused') return [formOf(call)]
    const isWhole = app.kind === 'agent' && app.closingMessage && call.status === 'succeeded'
    const whole = { event: 'message', id: call.messageId, ...names, answer: call.answer }
    return isWhole ? [whole, messageEnd] : [messageEnd]
  }
  if (call.status === 'paused') {
    const form = formOf(call)
    const data = {
      workflow_run_id: call.workflowRunId,
      paused_nodes: ['human'],
      outputs: {},
      reasons: [{ ...(form['data'] as object), TYPE: 'human_input_required' }],
      status: 'paused',
      created_at: seconds(call.at),
      elapsed_time: 0.5,
      total_tokens: 10,
      total_steps: 2,
    }
    return [form, { event: 'workflow_paused', ...names, data }]
  }
  const finished = { event: 'workflow_finished', ...names, data: runOf(app, call) }
  if (app.kind === 'workflow') return [finished]
  if (call.status === 'failed') return [finished, errorOf(call)]
  return app.last === 'message_end' ? [finished, messageEnd] : [messageEnd, finished]
}

/** Events of the answer's files, which precede its text. */
export function fileEventsOf(app: DifyApp, call: DifyCall): readonly DifyEvent[] {
  const told = app.files.filter(({ at }) => at === 'event').map(fileOf)
  return told.map((file) => ({ event: 'message_file', ...namesOf(call), ...file }))
}

function fileOf({ type, url }: DifyApp['files'][number], index: number): DifyEvent {
  return { id: `file-${index}`, type, belongs_to: 'assistant', url }
}

/** The form that a person in Dify is asked to fill in. */
function formOf(call: DifyCall): DifyEvent {
  const data = {
    form_id: `${call.taskId}-form`,
    node_id: 'human',
    node_title: 'Human Input',
    form_content: 'Please take over.',
    inputs: [],
    actions: [{ id: 'done', title: 'Done', button_style: 'primary' }],
    display_in_ui: false,
    form_token: `${call.taskId}-token`,
    resolved_default_values: {},
    expiration_time: seconds(call.at) + 3 * 24 * 3600,
  }
  // Without a run Dify names the message instead.
  return {
    event: 'human_input_required',
    ...namesOf(call),
    workflow_run_id: call.workflowRunId ?? call.messageId,
    data,
  }
}

/** A workflow's run, as in its last event and in the blocking answer. */
export function runOf(app: DifyApp, call: DifyCall): DifyEvent {
  const isDone = call.status === 'succeeded'
  return {
    id: call.workflowRunId,
    workflow_id: 'w1',
    status: call.status,
    outputs: isDone ? outputsOf(app, call) : {},
    error: call.error?.message ?? null,
    elapsed_time: 0.5,
    total_tokens: 10,
    total_steps: 3,
    created_at: seconds(call.at),
    finished_at: call.endedAt === null ? null : seconds(call.endedAt),
  }
}

function outputsOf({ kind, output, outputs }: DifyApp, { answer }: DifyCall): DifyEvent {
  if (kind === 'chatflow') return { ...outputs, answer }
  return output === null ? outputs : { ...outputs, [output]: answer }
}

/** The answer to a blocking call. */
export function blockingOf(app: DifyApp, call: DifyCall): DifyEvent {
  if (app.kind === 'workflow') {
    return { workflow_run_id: call.workflowRunId, task_id: call.taskId, data: runOf(app, call) }
  }
  const mode = app.kind === 'chatflow' ? 'advanced-chat' : 'chat'
  return { event: 'message', id: call.messageId, ...namesOf(call), mode, answer: call.answer, metadata: {} }
}
