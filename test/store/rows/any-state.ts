import { FOREVER } from '../../../src/conversation/channel.js'
import type { Intro } from '../../../src/conversation/state/intro.js'
import {
  type Attachment,
  type Message,
  NO_ORIGIN,
  NO_OUTCOME,
  type Origin,
  type Outcome,
  type Reaction,
} from '../../../src/conversation/state/message.js'
import {
  type DatedPart,
  type DeadLetter,
  type OpenPart,
  type Outbox,
  type Part,
  type Post,
  queuedPart,
  sendingPart,
  unknownPart,
} from '../../../src/conversation/state/outbox-state.js'
import {
  type Asking,
  type Conversation,
  NO_INTRO,
  NO_PROFILE,
  type Profile,
  type Run,
} from '../../../src/conversation/state/state.js'
import { ID, START } from '../../fixtures/conversation.js'
import fc from '../../fixtures/property.js'

/** Whatever could ever stand in a message or a state, and the odd values in every place. */

const KINDS = [
  ...(['text', 'image', 'voice', 'video', 'file', 'share', 'sticker', 'story', 'postback', 'location'] as const),
  ...(['template', 'other'] as const),
]
const time = fc.oneof(fc.constantFrom(0, START, FOREVER), fc.nat(2 ** 45))
/** A wait that is partly left to chance may end within a millisecond. */
const end = fc.oneof(time, fc.constant(START + 0.25))
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\ud800', '\u0000', '"\\\n\u2028', '👩‍👩‍👧 پست'),
)
/** As the program's own objects are. */
const record = <T>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(members, { noNullPrototype: true })
const orNull = (of: fc.Arbitrary<string>) => fc.option(of, { nil: null })
const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 })

const attachment: fc.Arbitrary<Attachment> = record({
  kind: fc.constantFrom(...KINDS),
  url: orNull(fc.webUrl()),
  title: orNull(text),
})
const reaction: fc.Arbitrary<Reaction> = record({ by: fc.constantFrom('customer', 'page'), emoji: text })
const deadBecause = fc.constantFrom(
  ...(['window_closed', 'thread_not_ours', 'channel_unusable', 'refused'] as const),
  ...(['attempts_exhausted', 'unknown_outcome'] as const),
)
const reason = fc.oneof(fc.constantFrom(null, 'bot_paused', 'repeated_text', 'own_message'), deadBecause)

const anyOrigin: fc.Arbitrary<Origin> = record({
  evidence: fc.constantFrom(null, 'flag', 'message_id', 'none'),
  source: orNull(text),
  fromApp: fc.boolean(),
  answerId: orNull(text),
  payload: orNull(text),
  replyTo: orNull(text),
  traceparent: orNull(text),
})

const anyOutcome: fc.Arbitrary<Outcome> = record({
  reason,
  answerUnsent: fc.boolean(),
  shareSeq: fc.nat(2 ** 45),
  transcription: orNull(text),
  reactions: few(reaction),
  readAt: time,
  editedAt: time,
  deletedAt: time,
  feedback: fc.option(record({ rating: fc.constantFrom('positive', 'negative'), comment: orNull(text), at: time })),
})

export const anyMessage: fc.Arbitrary<Message> = record({
  seq: fc.nat(2 ** 45),
  at: time,
  arrivedAt: time,
  type: fc.constantFrom('customer', 'support', 'AI', 'marketing', 'automation'),
  kind: fc.constantFrom(...KINDS),
  mid: orNull(text),
  text: orNull(text),
  attachments: few(attachment),
  status: fc.constantFrom(
    ...(['received', 'processed', 'skipped', 'queued', 'sending', 'sent'] as const),
    ...(['cancelled', 'failed', 'unknown'] as const),
  ),
  origin: fc.oneof(fc.constant(NO_ORIGIN), anyOrigin),
  outcome: fc.oneof(fc.constant(NO_OUTCOME), anyOutcome),
})

const anyPart: fc.Arbitrary<Part> = record({
  message: anyMessage,
  group: fc.nat(2 ** 45),
  leaves: fc.constantFrom('while_on', 'as_farewell', 'always'),
  tag: orNull(text),
  answers: few(anyMessage),
  quickReplies: few(text),
  attempts: fc.nat(20),
  isSecondTry: fc.boolean(),
  claim: fc.constantFrom(null, 'claim'),
})
const anyOpenPart: fc.Arbitrary<OpenPart> = fc.oneof(
  fc.tuple(anyPart, end, time).map(([part, notBefore, slotAt]) => {
    return { ...queuedPart(part, notBefore), stage: { is: 'queued', notBefore, slotAt } as const }
  }),
  fc.tuple(anyPart, end).map(([part, leaseUntil]) => sendingPart(part, 'claim', leaseUntil)),
  fc.tuple(anyPart, end).map(([part, echoUntil]) => unknownPart(part, echoUntil)),
)
const datedPart: fc.Arbitrary<DatedPart> = record({ part: anyPart, at: time })
const letter: fc.Arbitrary<DeadLetter> = record({
  seq: fc.nat(),
  reason: deadBecause,
  code: text,
  at: time,
  parts: few(anyPart),
})
const post: fc.Arbitrary<Post> = record({ key: text, body: text, at: time, seq: fc.nat(), reason })
export const anyOutbox: fc.Arbitrary<Outbox> = record({
  parts: few(anyOpenPart),
  setAside: few(datedPart),
  dead: few(letter),
  posts: few(post),
})

export const anyRun: fc.Arbitrary<Run> = record({
  id: text,
  messages: few(anyMessage),
  startedAt: time,
  leaseUntil: time,
  names: record({
    taskId: orNull(text),
    conversationId: orNull(text),
    messageId: orNull(text),
    workflowRunId: orNull(text),
  }),
})
const anyAsking: fc.Arbitrary<Asking> = record({
  run: fc.option(anyRun, { nil: null }),
  attempts: fc.nat(20),
  restUntil: end,
  heldSince: time,
  assistantId: orNull(text),
  share: fc.option(record({ message: anyMessage, until: end }), { nil: null }),
  awayFor: time,
  answeredUpTo: fc.nat(),
  cutOffUntil: time,
})

const anyProfile: fc.Arbitrary<Profile> = fc.oneof(
  fc.constant(NO_PROFILE),
  record({
    name: orNull(text),
    username: orNull(text),
    picture: orNull(text),
    // Without a time nobody has asked for it.
    at: end.filter((at) => at > 0),
    isKnown: fc.boolean(),
  }),
)

const anyIntro: fc.Arbitrary<Intro> = fc.oneof(
  fc.constant(NO_INTRO),
  record({ seq: fc.integer({ min: 1 }), hasLeft: fc.boolean(), personSeq: fc.nat() }),
)

const dated = record({ message: anyMessage, at: time })

export const anyState: fc.Arbitrary<Conversation> = record({
  id: fc.constant(ID),
  createdAt: time,
  lastMessageAt: time,
  seq: fc.nat(2 ** 45),
  closedAt: time,
  resumedAt: time,
  promptAt: time,
  customerAt: time,
  windowUntil: time,
  profile: anyProfile,
  causes: few(
    record({
      until: time,
      reason: fc.constantFrom(
        'human_echo',
        'support_message',
        'api',
        'customer_request',
        'assistant_failed',
        'handover',
        'assistant',
      ),
      at: time,
      seq: fc.nat(),
      note: orNull(text),
    }),
  ),
  flags: few(
    record({
      at: time,
      until: time,
      left: fc.nat(20),
      text: orNull(text),
      idempotencyKey: orNull(text),
      parameters: text,
    }),
  ),
  flagUses: few(record({ at: time, seq: fc.nat(), raisedAt: time, isTail: fc.boolean(), isDisputable: fc.boolean() })),
  spoken: few(
    record({
      runId: text,
      startedAt: time,
      endedAt: time,
      until: time,
      expected: few(record({ whole: text, parts: few(text) })),
      heard: few(text),
      furtherParts: few(fc.nat()),
    }),
  ),
  sent: few(record({ message: anyMessage, until: time })),
  unclaimed: few(dated),
  waiting: few(anyMessage),
  setAside: few(dated),
  asked: few(record({ text, arrivedAt: time })),
  asking: anyAsking,
  early: few(record({ mid: text, at: time, text: orNull(text), madeAt: time })),
  intro: anyIntro,
  outbox: anyOutbox,
})
