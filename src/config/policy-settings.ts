import { choice, duration, listOf, offOrDuration, onOff, shareTemplate, text, whole } from './kinds.js'
import { setting } from './setting.js'

/** The policy settings of a channel, in the order of the README. */
export const policySettings = {
  OTHER_APPS: setting(choice('human', 'bot', 'ignore'), {
    default: 'human',
    policy: 'otherApps',
    meaning: 'whom a Messenger echo with a foreign app_id counts for: human, bot or ignore (recorded, no pause)',
  }),
  BOT_PAUSE: setting(duration({ forever: true }), {
    default: '6h',
    policy: 'pauseMs',
    bot: 'pause',
    meaning: "how long a person's message silences the bot; forever: until it is handed back",
  }),
  // Bounded: a flag that outlives its answer would attribute a person's message to the bot.
  FLAG_TTL: setting(duration(), {
    default: '5m',
    policy: 'flagTtlMs',
    bot: 'flagTtl',
    meaning: 'a bot flag not used by then is gone',
  }),
  FLAG_TAIL: setting(duration({ max: 600_000 }), {
    default: '3s',
    policy: 'flagTailMs',
    bot: 'flagTail',
    meaning: 'further unmatched echoes this soon after a flag was used belong to the same answer',
  }),
  ECHO_TTL: setting(duration(), {
    default: '60s',
    policy: 'echoTtlMs',
    bot: 'echoTtl',
    meaning: 'how long a sent text is recognised in an echo',
  }),
  AUTO_REPLY_WINDOW: setting(duration({ max: 600_000 }), {
    default: '5s',
    policy: 'autoReplyWindowMs',
    bot: 'autoReplyWindow',
    meaning: "how soon after an ad or an ice-breaker an echo is taken for Meta's own instant reply",
  }),
  DEBOUNCE: setting(duration(), {
    default: '2s',
    policy: 'debounceMs',
    bot: 'debounce',
    meaning: "the quiet time that ends a customer's burst of messages",
  }),
  DEBOUNCE_MAX: setting(duration(), {
    default: '5s',
    policy: 'debounceMaxMs',
    bot: 'debounceMax',
    meaning: 'the longest wait for a burst to end (where not given, at least DEBOUNCE)',
  }),
  COOLDOWN: setting(duration(), {
    default: '3s',
    policy: 'cooldownMs',
    bot: 'cooldown',
    meaning: 'the time after an answer in which messages wait',
  }),
  REPEAT_WINDOW: setting(duration(), {
    default: '10s',
    policy: 'repeatWindowMs',
    bot: 'repeatWindow',
    meaning: 'the same text from the same customer within it is kept but not asked again',
  }),
  SHARE_WAIT: setting(duration(), {
    default: '120s',
    policy: 'shareWaitMs',
    bot: 'shareWait',
    meaning: 'how long a post shared on Instagram waits for its question',
  }),
  SHARE_TEMPLATE: setting(shareTemplate, {
    default: 'en',
    policy: 'shareTemplate',
    bot: 'shareTemplate',
    meaning: 'how share and question become one text: en, fa, or a text with {share} and {question}',
  }),
  SEND_RATE: setting(whole(1, 10_000), {
    default: '3',
    policy: 'sendRate',
    bot: 'sendRate',
    meaning: 'messages in any one second for one channel, over all replicas',
  }),
  SEND_ATTEMPTS: setting(whole(1, 100), {
    default: '5',
    policy: 'sendAttempts',
    bot: 'sendAttempts',
    meaning: 'how often a message is tried before it becomes a dead letter',
  }),
  UNKNOWN_SEND: setting(choice('dead', 'retry'), {
    default: 'dead',
    policy: 'unknownSend',
    bot: 'unknownSend',
    meaning: 'a send with unknown outcome and no echo after the wait: dead (a dead letter) or retry (once more)',
  }),
  // Bounded: such a send is expected for 15 minutes, after which its echo would count as a person's.
  UNKNOWN_SEND_WAIT: setting(duration({ max: 900_000 }), {
    default: '30s',
    policy: 'unknownSendWaitMs',
    bot: 'unknownSendWait',
    meaning: 'how long the echo of a send with unknown outcome is waited for',
  }),
  DIFY_TIMEOUT: setting(duration({ min: 1 }), {
    default: '120s',
    policy: 'difyTimeoutMs',
    bot: 'difyTimeout',
    meaning: 'how long one whole run of the assistant may take',
  }),
  DIFY_ATTEMPTS: setting(whole(1, 10), {
    default: '2',
    policy: 'difyAttempts',
    bot: 'difyAttempts',
    meaning: 'how often a question is asked at the most',
  }),
  MARKDOWN: setting(choice('plain', 'keep'), {
    default: 'plain',
    policy: 'markdown',
    bot: 'markdown',
    meaning: "the assistant's Markdown: plain (made into plain text) or keep (sent as it is)",
  }),
  INTRO_TEXT: setting(text, {
    policy: 'introText',
    bot: 'introText',
    meaning:
      "a message of its own before the bot's first answer in a conversation, and before its first after a person's takeover",
  }),
  MARK_SEEN: setting(onOff, {
    default: 'off',
    policy: 'markSeen',
    bot: 'markSeen',
    meaning: "on: a customer's messages are marked as seen when they are taken up as a question",
  }),
  SUGGESTED: setting(onOff, {
    default: 'off',
    policy: 'suggested',
    bot: 'suggested',
    meaning: "on: Dify's suggested questions become quick replies below the answer",
  }),
  VOICE: setting(choice('file', 'text'), {
    default: 'file',
    policy: 'voice',
    bot: 'voice',
    meaning:
      "a customer's voice message: file (goes to the assistant as it is) or text (heard by Dify's speech to text first)",
  }),
  FALLBACK_TEXT: setting(text, {
    policy: 'fallbackText',
    bot: 'fallbackText',
    meaning: 'sent once when the assistant failed for good',
  }),
  HANDOFF_WORDS: setting(listOf(text), {
    default: '',
    policy: 'handoffWords',
    bot: 'handoffWords',
    meaning: "comma-separated; a customer's message that is one of them pauses the bot",
  }),
  HANDOFF_TEXT: setting(text, {
    policy: 'handoffText',
    bot: 'handoffText',
    meaning: 'answers a message that is one of HANDOFF_WORDS, and goes out when the assistant asks for a person',
  }),
  RESUME_WORDS: setting(listOf(text), {
    default: '',
    policy: 'resumeWords',
    bot: 'resumeWords',
    meaning: "comma-separated; a person's message that is one of them hands the conversation back to the bot",
  }),
  PAUSE_ON_FAILURE: setting(onOff, {
    default: 'off',
    policy: 'pauseOnFailure',
    bot: 'pauseOnFailure',
    meaning: 'on: an assistant that failed for good also pauses the bot',
  }),
  HUMAN_TRANSCRIPT: setting(onOff, {
    default: 'off',
    policy: 'humanTranscript',
    bot: 'humanTranscript',
    meaning: 'on: the first question after a takeover carries what was said meanwhile, as input human_transcript',
  }),
  REOPEN_AFTER: setting(duration({ forever: true }), {
    default: '24h',
    policy: 'reopenAfterMs',
    meaning:
      "how long a closed conversation stays closed to the customer's next message; 0: not at all, forever: until reopened",
  }),
  HISTORY_TTL: setting(duration({ forever: true }), {
    default: '30d',
    policy: 'historyTtlMs',
    meaning: 'how long the message history is kept; 0: none is',
  }),
  BACKFILL: setting(offOrDuration, {
    default: 'off',
    policy: 'backfillMs',
    bot: 'backfill',
    meaning:
      'how far back (24h at most) messages that no webhook brought are read from Meta, after a start and while a channel has no webhooks; off: not at all',
  }),
}
