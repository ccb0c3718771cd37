import { isTooLong, LONGEST_ANSWER } from './outcome.js'

/** Assembles the text of a chat, agent or chatflow answer from its events. */
export interface ChatText {
  message(text: string): void
  agentMessage(text: string): void
  /** Text that comes with a file, in either of the two event types. */
  fileMessage(text: string): void
  /** Replaces all text before it. */
  replace(text: string): void
  whole(): string
  isTooLong(): boolean
}

export function createChatText(): ChatText {
  /** The text of the last replacement. */
  let replaced: string | null = null
  let messages = ''
  let messagesWithFiles = ''
  let agentMessages = ''
  let isAgent = false
  /** Checked again when the text has grown by half, since each check scans unfinished reasoning. */
  let tooLongAt = 0

  const whole = (): string => {
    if (!isAgent) return (replaced ?? '') + messagesWithFiles
    // An agent app may end with a `message` that repeats the whole answer. After a replacement it is ignored: it would
    // restore the replaced text.
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
