import t from 'tap'
import { NO_NAMES } from '../../src/conversation/state/state.js'
import { idIn, namesWith } from '../../src/dify/names.js'

t.test('a chat names its task, conversation and message', async (t) => {
  const event = { event: 'message', task_id: 't', conversation_id: 'c', message_id: 'm' }
  const names = namesWith(NO_NAMES, event)
  t.same(names, { taskId: 't', conversationId: 'c', messageId: 'm', workflowRunId: null })
  t.equal(namesWith(names, event), names, 'nothing new')
  t.equal(namesWith(names, { event: 'message', task_id: 'other' }), names, 'the first name stays')
})

t.test('each name is learned when it comes', async (t) => {
  let names = NO_NAMES
  for (const [key, name, id] of [
    ['message_id', 'messageId', 'm'],
    ['workflow_run_id', 'workflowRunId', 'w'],
    ['conversation_id', 'conversationId', 'c'],
    ['task_id', 'taskId', 't'],
  ] as const) {
    const next = namesWith(names, { [key]: id })
    t.not(next, names)
    t.equal(next[name], id)
    names = next
  }
  t.same(names, { taskId: 't', conversationId: 'c', messageId: 'm', workflowRunId: 'w' })
})

t.test('a workflow names its run in its own events, not in those of its nodes', async (t) => {
  for (const name of ['workflow_started', 'workflow_finished']) {
    t.equal(namesWith(NO_NAMES, { event: name, data: { id: 'w' } }).workflowRunId, 'w')
    t.equal(namesWith(NO_NAMES, { event: name, data: null }).workflowRunId, null)
  }
  t.equal(namesWith(NO_NAMES, { event: 'node_started', data: { id: 'n' } }), NO_NAMES)
})

t.test('a value that cannot be an id is ignored', async (t) => {
  for (const id of ['', 'x'.repeat(201), '.', '..', '\ud800', 'a\udc00b', 7, null]) t.equal(idIn({ id }, 'id'), null)
  t.equal(idIn({ id: 'a.b' }, 'id'), 'a.b')
  t.equal(idIn({}, 'id'), null)
})
