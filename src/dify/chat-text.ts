import { isTooLong, LONGEST_ANSWER } from './outcome.js'

/** The text of a chat's, an agent's or a chatflow's answer, from the pieces in which it is told. */
export interface ChatText {
  message(text: string): void
  agentMessage(text: string): void
  /** Said along with a file, in whichever of the two ways the app speaks. */
  fileMessage(text: string): void
  /** All before it is taken back. */
  replace(text: string): void
  whole(): string
  isTooLong(): boolean
}

export function createChatText(): ChatText {
  /** What the last replacement put in place of all before it. */
  let replaced: string | null = null
  let messages = ''
  let messagesWithFiles = ''
  let agentMessages = ''
  let isAgent = false
  /** Looked at again when it has grown by half: a thought that is still going on is looked through each time. */
  let tooLongAt = 0

  const whole = (): string => {
    if (!isAgent) return (replaced ?? '') + messagesWithFiles
    // An agent app may close with one `message` that holds the whole answer over again. After a replacement that would
    // bring back what was replaced.
    return replaced === null && messages.trim() !== '' ? messages : (replaced ?? '') + agentMessages
  }

  return {
    message(text) {
      messages += text
      messagesWithFiles += text
    },
    agentMessage(text) {
      agentMessages += text
      isAgent ||= text.trim() !== ''
    },
    fileMessage(text) {
      messagesWithFiles += text
      agentMessages += text
    },
    replace(text) {
      replaced = text
      messages = ''
      messagesWithFiles = ''
      agentMessages = ''
    },
    whole,
    isTooLong() {
      const length = (replaced ?? '').length + Math.max(messagesWithFiles.length, agentMessages.length)
      if (length <= LONGEST_ANSWER || length < tooLongAt) return false
      tooLongAt = length * 1.5
      return [messagesWithFiles, agentMessages].some((text) => isTooLong((replaced ?? '') + text))
    },
  }
}
