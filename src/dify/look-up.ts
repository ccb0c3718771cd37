import type { Assistant } from '../conversation/channel.js'
import type { AskedQuestion } from '../conversation/question/question-text.js'
import type { RunNames } from '../conversation/state/state.js'
import type { AskOutcome } from '../engine/providers.js'
import type { JsonObject } from '../json.js'
import type { BriefCall } from './brief-call.js'
import { filesIn } from './files.js'
import { numberIn, rowsOf, textIn } from './json.js'
import { idIn } from './names.js'
import { answered, failed, handoff, outcomeOfRun, unknown } from './outcome.js'

/** Looks up the outcome of a question whose call was lost. */
export interface LookUp {
  readonly assistant: Assistant
  readonly question: AskedQuestion
  readonly run: RunNames
  readonly startedAt: number
}

/** Tolerance for clock differences and for Dify's whole seconds. */
const SLACK_MS = 2_000

/** The JSON at a path; null when there is none or no answer. */
type Get = (path: string) => Promise<JsonObject | null>

export function createLookUp(call: BriefCall, now: () => number, timeoutMs: number) {
  return (lost: LookUp): Promise<AskOutcome | null> => {
    const until = now() + timeoutMs
    const get: Get = async (path) => {
      const answer = await call(lost.assistant, { method: 'GET', path, body: null }, until - now())
      return answer?.status === 200 ? answer.body : null
    }
    return lost.assistant.app === 'workflow' ? runOf(lost, get) : messageOf(lost, get)
  }
}

async function runOf({ run }: LookUp, get: Get): Promise<AskOutcome | null> {
  if (run.workflowRunId === null) return null
  const found = await get(`/workflows/run/${encodeURIComponent(run.workflowRunId)}`)
  return found === null ? null : (outcomeOfRun(found, '') ?? unknown('running'))
}

/**
 * A message's record says `normal` even for a partial answer whose run was stopped. For a chatflow the run's record
 * tells; Dify versions that expose none for chatflows leave only the message's.
 */
async function messageOf(lost: LookUp, get: Get): Promise<AskOutcome | null> {
  const { run, question } = lost
  if (run.workflowRunId !== null) {
    const outcome = await runOf(lost, get)
    if (outcome !== null && outcome.is !== 'answer') return outcome
  }
  const known = run.conversationId ?? question.conversationId
  const found = known === null ? null : await messageIn(known, lost, get)
  if (found !== null || run.conversationId !== null) return found
  // Where Dify has forgotten the known conversation, the question began another one.
  const latest = await newestConversation(lost, get)
  return latest === null || latest === known ? null : messageIn(latest, lost, get)
}

async function messageIn(conversationId: string, lost: LookUp, get: Get): Promise<AskOutcome | null> {
  const { run, question } = lost
  const query = new URLSearchParams({ conversation_id: conversationId, user: question.id, limit: '20' })
  const page = await get(`/messages?${query}`)
  const messages = page === null ? [] : rowsOf(page)
  const message =
    messages.find((each) => run.messageId !== null && each['id'] === run.messageId) ??
    newest(messages.filter((each) => textIn(each, 'query').trim() === question.query.trim() && isSince(lost, each)))
  return message === null ? null : outcomeOfMessage(message, conversationId)
}

/** Dify stores a message when its run begins, and the answer when it ends. */
function outcomeOfMessage(message: JsonObject, conversationId: string): AskOutcome {
  const status = textIn(message, 'status')
  if (status === 'error') return failed('message_error')
  if (status === 'paused') return handoff(conversationId)
  // Older versions have no status; any other status does not confirm a complete answer.
  if (status !== 'normal' && status !== '') return unknown('incomplete')
  const text = textIn(message, 'answer')
  const files = filesIn(message['message_files'])
  if (text.trim() === '' && files.length === 0) return unknown('running')
  return answered({ text, files, quickReplies: [] }, conversationId)
}

/** Used when the call was lost before Dify named the new conversation. */
async function newestConversation(lost: LookUp, get: Get): Promise<string | null> {
  const query = new URLSearchParams({ user: lost.question.id, limit: '1', sort_by: '-created_at' })
  const page = await get(`/conversations?${query}`)
  const conversation = page === null ? null : newest(rowsOf(page).filter((each) => isSince(lost, each)))
  return conversation === null ? null : idIn(conversation, 'id')
}

function isSince({ startedAt }: LookUp, row: JsonObject): boolean {
  return numberIn(row, 'created_at') * 1000 >= startedAt - SLACK_MS
}

function newest(rows: readonly JsonObject[]): JsonObject | null {
  return rows.toSorted((a, b) => numberIn(b, 'created_at') - numberIn(a, 'created_at'))[0] ?? null
}
