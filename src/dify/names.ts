import type { RunNames } from '../conversation/state/state.js'
import { asObject, type JsonObject } from '../json.js'
import { textIn } from './json.js'

/** The run's ids known after this event; the same object when the event adds none. */
export function namesWith(known: RunNames, event: JsonObject): RunNames {
  const learned: RunNames = {
    taskId: known.taskId ?? idIn(event, 'task_id'),
    conversationId: known.conversationId ?? idIn(event, 'conversation_id'),
    messageId: known.messageId ?? idIn(event, 'message_id'),
    workflowRunId: known.workflowRunId ?? idIn(event, 'workflow_run_id') ?? runIdIn(event),
  }
  const isNew =
    learned.taskId !== known.taskId ||
    learned.conversationId !== known.conversationId ||
    learned.messageId !== known.messageId ||
    learned.workflowRunId !== known.workflowRunId
  return isNew ? learned : known
}

/** Ids are stored and become parts of URLs: one that is too long, a path segment or no valid Unicode is ignored. */
export function idIn(object: JsonObject, key: string): string | null {
  const id = textIn(object, key)
  return id === '' || id.length > 200 || /^\.+$/.test(id) || !id.isWellFormed() ? null : id
}

/** Only a workflow's own events have its id in `data`; in a node's events that is the node's id. */
function runIdIn(event: JsonObject): string | null {
  const data = /^workflow_(started|finished)$/.test(textIn(event, 'event')) ? asObject(event['data']) : null
  return data === null ? null : idIn(data, 'id')
}
