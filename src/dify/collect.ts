import type { Assistant } from '../conversation/channel.js'
import { NO_NAMES, type RunNames } from '../conversation/state/state.js'
import type { AskOutcome } from '../engine/providers.js'
import { asObject, type JsonObject, textIn } from './json.js'
import { namesWith } from './names.js'
import { answered, failed, failureOfRun, LONGEST_ANSWER, outcomeOfError, outcomeOfRun, TOO_LARGE } from './outcome.js'
import { createSaid } from './said.js'

/** A run's events, one after the other → its outcome, as soon as one of them settles it. */
export interface Collector {
  take(event: JsonObject): AskOutcome | null
  readonly names: RunNames
  /** All texts that it has streamed so far. */
  readonly said: readonly string[]
}

export function createCollector(app: Assistant['app'], conversationId: string | null): Collector {
  const collect = app === 'chat' ? collectChat(conversationId) : collectWorkflow()
  const said = createSaid()
  let names = NO_NAMES
  return {
    take(event) {
      said.take(event)
      names = namesWith(names, event)
      switch (textIn(event, 'event')) {
        case 'error':
          return outcomeOfError(event)
        case 'workflow_paused':
          return failed('paused')
        default:
          return collect(event, names)
      }
    },
    get names() {
      return names
    },
    get said() {
      return said.texts
    },
  }
}

type Collect = (event: JsonObject, names: RunNames) => AskOutcome | null

/** Chat, agent and chatflow apps. */
function collectChat(conversationId: string | null): Collect {
  /** What the last `message_replace` put in place of all before it. */
  let replaced: string | null = null
  let messages = ''
  let agentMessages = ''
  let isAgent = false

  const answer = (): string => {
    if (!isAgent) return (replaced ?? '') + messages
    // An agent app may close with one `message` that holds the whole answer over again. After a replacement that would
    // bring back what was replaced.
    return replaced === null && messages.trim() !== '' ? messages : (replaced ?? '') + agentMessages
  }
  const unlessTooLarge = (): AskOutcome | null =>
    (replaced ?? '').length + Math.max(messages.length, agentMessages.length) > LONGEST_ANSWER ? TOO_LARGE : null

  return (event, names) => {
    const text = textIn(event, 'answer')
    switch (textIn(event, 'event')) {
      case 'message':
        messages += text
        return unlessTooLarge()
      case 'agent_message':
        agentMessages += text
        isAgent ||= text.trim() !== ''
        return unlessTooLarge()
      case 'message_replace':
        replaced = text
        messages = ''
        agentMessages = ''
        return unlessTooLarge()
      case 'message_end':
        return answered(answer(), names.conversationId ?? conversationId)
      case 'workflow_finished':
        // A chatflow's run may end before its message does, which then still brings the answer; unless the run failed.
        return failureOfRun(asObject(event['data']) ?? {})
      default:
        return null
    }
  }
}

function collectWorkflow(): Collect {
  let chunks = ''
  return (event) => {
    const data = asObject(event['data']) ?? {}
    switch (textIn(event, 'event')) {
      case 'text_chunk':
        // Too much of them is not yet too much of an answer: the outputs may name a shorter one.
        if (chunks.length <= LONGEST_ANSWER) chunks += textIn(data, 'text')
        return null
      case 'workflow_finished':
        return outcomeOfRun(data, chunks) ?? failed('error')
      default:
        return null
    }
  }
}
