import t from 'tap'
import type { Policy } from '../../../src/conversation/channel.js'
import { type Finding, type KnownId, ownAnswer, whoWrote } from '../../../src/conversation/echo/who-wrote.js'
import type { Echo } from '../../../src/conversation/event.js'
import { expectEcho } from '../../../src/conversation/expected/expected-echoes.js'
import { raiseFlag } from '../../../src/conversation/expected/flags.js'
import { markOf } from '../../../src/conversation/expected/our-mark.js'
import { authorOf, type Message } from '../../../src/conversation/state/message.js'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import type { Conversation } from '../../../src/conversation/state/state.js'
import { digestOf } from '../../../src/conversation/text/digest.js'
import {
  conversation,
  customerMessage,
  echo,
  flagUse,
  frozen,
  type MessageFields,
  MINUTE,
  mark,
  message,
  PICTURE,
  part,
  pictureEcho,
  policy,
  SECOND,
  START,
  spokenRun,
} from '../../fixtures/conversation.js'

const STRANGE: KnownId = { isOurs: false, message: null }
const FACEBOOK = policy({ platform: 'facebook' })

function sent(changes: Partial<MessageFields> = {}): Message {
  return message({ type: 'AI', status: 'sent', text: 'hello', fromApp: true, seq: 7, ...changes })
}

function expecting(changes: Partial<MessageFields> = {}, state: Conversation = conversation()): Conversation {
  return expectEcho(state, sent(changes), START + MINUTE)
}

function flagged(at = START, state: Conversation = conversation()): Conversation {
  return raiseFlag(state, mark(), { proceed: true, isNeeded: true, flagTtlMs: 5 * MINUTE }, at).state
}

function who(state: Conversation, of: Echo, rules: Policy = policy(), known = STRANGE, now = START): Finding {
  return whoWrote(frozen(state), frozen(of), known, rules, now)
}

const TAIL: Partial<Conversation> = { flagUses: [flagUse({ at: START - SECOND })] }
const PROMPTED: Partial<Conversation> = { promptAt: START - SECOND }

interface Line {
  readonly says: string
  readonly state?: Conversation
  readonly echo: Partial<Echo>
  readonly known?: KnownId
  readonly policy?: Policy
  readonly evidence: string
  readonly author: string
}

/** Each line of the table with everything below it holding too: the first that holds decides. */
const LINES: readonly Line[] = [
  {
    says: 'the id of a message of ours wins over everything',
    state: expecting({ mid: 'm1', type: 'support' }, flagged(START, conversation({ ...TAIL, ...PROMPTED }))),
    echo: { mid: 'm1', metadata: 'message-router:AI:x-7', appId: '100', storyMention: true },
    policy: FACEBOOK,
    evidence: 'message_id',
    author: 'human',
  },
  {
    says: 'an id that the store knows as ours is as good',
    state: flagged(),
    echo: { mid: 'm1' },
    known: { isOurs: true, message: sent({ type: 'marketing' }) },
    evidence: 'message_id',
    author: 'bot',
  },
  {
    says: 'an id of ours whose message has been forgotten is the bot’s',
    echo: { mid: 'm1' },
    known: { isOurs: true, message: null },
    evidence: 'message_id',
    author: 'bot',
  },
  {
    says: 'our own mark wins over the text and the app',
    state: expecting({ type: 'AI' }, conversation(PROMPTED)),
    echo: { metadata: 'message-router:support:x-99', appId: '100' },
    policy: FACEBOOK,
    evidence: 'metadata',
    author: 'human',
  },
  {
    says: 'on Instagram nobody gives our mark back',
    echo: { metadata: 'message-router:AI:x-7' },
    evidence: 'none',
    author: 'human',
  },
  {
    says: 'an expected text wins over a flag',
    state: expecting({ type: 'support' }, flagged()),
    echo: { text: ' hello ' },
    evidence: 'text',
    author: 'human',
  },
  {
    says: 'an expected attachment is known by its kind',
    state: expecting({ text: null, kind: 'image', attachments: [PICTURE] }),
    echo: pictureEcho(),
    evidence: 'text',
    author: 'bot',
  },
  {
    says: 'a flag wins over its tail and the app',
    state: flagged(START, conversation({ ...TAIL, ...PROMPTED })),
    echo: { appId: '999', storyMention: true },
    evidence: 'flag',
    author: 'bot',
  },
  {
    says: 'the tail of a flag wins over a story',
    state: conversation({ ...TAIL, ...PROMPTED }),
    echo: { storyMention: true },
    evidence: 'flag_tail',
    author: 'bot',
  },
  {
    says: 'on Messenger a flag says nothing, and nobody’s app is a person',
    state: flagged(START, conversation(TAIL)),
    echo: {},
    policy: FACEBOOK,
    evidence: 'none',
    author: 'human',
  },
  {
    says: 'our own app is the bot on Instagram',
    state: conversation(PROMPTED),
    echo: { appId: '100', storyMention: true },
    evidence: 'app_id',
    author: 'bot',
  },
  {
    says: 'our own app is the bot on Messenger',
    echo: { appId: '200' },
    policy: FACEBOOK,
    evidence: 'app_id',
    author: 'bot',
  },
  {
    says: 'a foreign app on Messenger is a person by default',
    state: conversation(PROMPTED),
    echo: { appId: '999', storyMention: true },
    policy: FACEBOOK,
    evidence: 'app_id',
    author: 'human',
  },
  {
    says: 'a foreign app on Messenger is the bot where the settings say so',
    echo: { appId: '999' },
    policy: policy({ platform: 'facebook', otherApps: 'bot' }),
    evidence: 'app_id',
    author: 'bot',
  },
  {
    says: 'a foreign app on Messenger is ignored where the settings say so',
    echo: { appId: '999' },
    policy: policy({ platform: 'facebook', otherApps: 'ignore' }),
    evidence: 'app_id',
    author: 'automation',
  },
  { says: 'a foreign app on Instagram says nothing', echo: { appId: '999' }, evidence: 'none', author: 'human' },
  {
    says: 'a mention in a story wins over an instant reply',
    state: conversation(PROMPTED),
    echo: { storyMention: true },
    evidence: 'story',
    author: 'automation',
  },
  {
    says: 'moments after an ad or a button it is Meta’s instant reply',
    state: conversation(PROMPTED),
    echo: {},
    evidence: 'auto_reply',
    author: 'automation',
  },
  { says: 'otherwise it is a person', echo: {}, evidence: 'none', author: 'human' },
  { says: 'a picture without evidence is a person’s', echo: pictureEcho(), evidence: 'none', author: 'human' },
]

for (const line of LINES) {
  t.test(`${line.says} (${line.evidence}: ${line.author})`, async (t) => {
    const found = who(line.state ?? conversation(), echo(line.echo), line.policy, line.known)
    t.equal(found.evidence, line.evidence)
    t.equal(authorOf(found.type), line.author)
    t.equal(found.is, ['message_id', 'metadata', 'text'].includes(line.evidence) ? 'ours' : 'new')
  })
}

t.test('our own mark finds the message that it was put on', async (t) => {
  const marked = echo({ metadata: markOf({ type: 'AI', seq: 7, createdAt: START }), text: 'split differently' })
  const found = who(expecting({ type: 'marketing' }), marked, FACEBOOK)
  t.hasStrict(found, { is: 'ours', type: 'marketing', evidence: 'metadata', message: { seq: 7 } })
  t.strictSame(found.state.sent, [])
})

for (const [how, of, known] of [
  ['its id', echo({ mid: 'm1', text: 'x' }), STRANGE],
  ['its id in the store', echo({ mid: 'm2' }), { isOurs: true, message: sent() }],
  ['its text', echo(), STRANGE],
] as const) {
  t.test(`a bot's message found by ${how} uses up the oldest flag set before it`, async (t) => {
    let state = flagged(START - 2 * MINUTE)
    state = flagged(START - MINUTE, state)
    const found = who(expecting({ mid: 'm1' }, state), of, policy(), known)
    t.strictSame(
      found.state.flags.map((flag) => flag.left),
      [0, 1],
    )
    t.strictSame(found.state.flagUses, [], 'without a tail: the parts of this answer are known one by one')
  })
}

t.test("a flag set after the bot's message was sent is another answer's", async (t) => {
  const found = who(expecting({}, flagged(START + 1)), echo(), policy(), STRANGE, START + 1)
  t.equal(found.evidence, 'text')
  t.strictSame(
    found.state.flags.map((flag) => flag.left),
    [1],
  )
})

t.test("a person's message sent through us leaves the flags alone", async (t) => {
  const found = who(expecting({ type: 'support' }, flagged()), echo())
  t.hasStrict(found, { is: 'ours', type: 'support', state: { flags: [{ left: 1 }] } })
})

t.test('a message that comes back twice under two ids uses up one flag, not two', async (t) => {
  const found = who(flagged(), echo({ mid: 'm1' }), policy(), { isOurs: true, message: sent({ evidence: 'text' }) })
  t.hasStrict(found, { evidence: 'message_id', state: { flags: [{ left: 1 }] } })
})

t.test('a flag that was used opens its tail at the echo’s own time', async (t) => {
  const found = who(flagged(START - MINUTE), echo({ at: START - 30 * SECOND }))
  t.hasStrict(found, {
    evidence: 'flag',
    state: { flags: [{ left: 0 }], flagUses: [{ at: START - 30 * SECOND, seq: 1, raisedAt: START - MINUTE }] },
  })
})

t.test('an echo within the tail uses nothing up and does not lengthen it', async (t) => {
  const state = conversation(TAIL)
  t.equal(who(state, echo()).state, state)
})

t.test('an instant reply comes within five seconds of the prompt, and of none when that is off', async (t) => {
  const state = conversation({ promptAt: START })
  t.equal(who(state, echo(), policy(), STRANGE, START + 5 * SECOND).evidence, 'auto_reply')
  t.equal(who(state, echo(), policy(), STRANGE, START + 5 * SECOND + 1).evidence, 'none')
  t.equal(who(state, echo(), policy({ autoReplyWindowMs: 0 })).evidence, 'none')
})

t.test('of what the account sends to itself only a known message is ours', async (t) => {
  const own = (state: Conversation, text: string, known = STRANGE, isSelf = true) =>
    ownAnswer(frozen(state), customerMessage({ mid: 'm1', text, isSelf }), known, policy(), START)?.text
  t.equal(own(expecting(), 'hello'), 'hello')
  t.equal(own(conversation(), 'hello', { isOurs: true, message: null }), 'hello')
  const said = { whole: digestOf('hello'), parts: [] }
  t.equal(own(conversation({ spoken: [spokenRun({ expected: [said] })] }), 'hello'), 'hello')
  t.equal(own(flagged(), 'hello'), undefined, 'a flag would fit the account’s own words as well')
  t.equal(own(expecting(), 'other'), undefined)
  t.equal(own(expecting(), 'hello', STRANGE, false), undefined, 'an ordinary customer may say the same')
})

t.test('a policy outside of its union is a fault', async (t) => {
  const odd = policy({ platform: 'facebook', otherApps: 'odd' as never })
  t.throws(() => who(conversation(), echo({ appId: '999' }), odd), /not a member of the union/)
})

t.test(
  'on Messenger our mark finds what lies in the outbox, or in a dead letter, though its echo is not expected',
  async (t) => {
    const queued = part({ message: sent({ status: 'queued' }) })
    const letter = { seq: 7, reason: 'unknown_outcome', code: '', at: START, parts: [queued] } as const
    for (const outbox of [
      { ...NO_OUTBOX, parts: [queued] },
      { ...NO_OUTBOX, dead: [letter] },
    ]) {
      const marked = (seq: number) => echo({ metadata: markOf({ type: 'AI', seq, createdAt: START }), text: 'other' })
      const found = who(conversation({ outbox }), marked(7), FACEBOOK)
      t.hasStrict(found, { is: 'ours', evidence: 'metadata', message: { seq: 7 } })
      const other = who(conversation({ outbox }), marked(8), FACEBOOK)
      t.hasStrict(other, { is: 'ours', evidence: 'metadata', message: null })
    }
  },
)
