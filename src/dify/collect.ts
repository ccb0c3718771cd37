import type { Assistant } from '../conversation/channel.js'
import { NO_NAMES, type RunNames } from '../conversation/state/state.js'
import type { AskOutcome, SaidFile } from '../engine/providers.js'
import { asObject, type JsonObject } from '../json.js'
import { createChatText } from './chat-text.js'
import { filesIn, MOST_FILES, outputFilesIn } from './files.js'
import { textIn } from './json.js'
import { namesWith } from './names.js'
import {
  answered,
  failed,
  failureOfRun,
  handoff,
  LONGEST_WITH_REASONING,
  outcomeOfError,
  outcomeOfRun,
  TOO_LARGE,
} from './outcome.js'
import { quickRepliesIn } from './outputs.js'
import { createSaid } from './said.js'

/** Derives a run's outcome from its events, as soon as one of them settles it. */
export interface Collector {
  take(event: JsonObject): AskOutcome | null
  readonly names: RunNames
  /** All texts streamed so far. */
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
        // A workflow names each form that it waits for before it pauses; an agent app only sends this event.
        case 'human_input_required':
        case 'workflow_paused':
          return handoff(names.conversationId ?? conversationId)
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

/** For chat, agent and chatflow apps. */
function collectChat(conversationId: string | null): Collect {
  const text = createChatText()
  const files: SaidFile[] = []
  let quickReplies: readonly string[] = []
  const keep = (more: readonly SaidFile[]): void => {
    files.push(...more.slice(0, MOST_FILES - files.length))
  }
  const unlessTooLarge = (): AskOutcome | null => (text.isTooLong() ? TOO_LARGE : null)

  return (event, names) => {
    const said = textIn(event, 'answer')
    switch (textIn(event, 'event')) {
      case 'message':
        text.message(said)
        return unlessTooLarge()
      case 'agent_message':
        text.agentMessage(said)
        return unlessTooLarge()
      case 'message_file':
        // Once an answer has files, basic chat apps stream its text in these events.
        text.fileMessage(said)
        keep(filesIn([event]))
        return unlessTooLarge()
      case 'message_replace':
        text.replace(said)
        return unlessTooLarge()
      case 'message_end':
        keep(filesIn(event['files']))
        return answered({ text: text.whole(), files, quickReplies }, names.conversationId ?? conversationId)
      case 'workflow_finished': {
        // A chatflow's run may end before its message, which then still brings the answer, unless the run failed.
        const run = asObject(event['data']) ?? {}
        const outputs = asObject(run['outputs']) ?? {}
        keep(outputFilesIn(outputs))
        quickReplies = quickRepliesIn(outputs)
        return failureOfRun(run)
      }
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
        // Chunks above the limit are not an error yet: the outputs may name a shorter answer.
        if (chunks.length <= LONGEST_WITH_REASONING) chunks += textIn(data, 'text')
        return null
      case 'workflow_finished':
        return outcomeOfRun(data, chunks) ?? failed('error')
      default:
        return null
    }
  }
}
