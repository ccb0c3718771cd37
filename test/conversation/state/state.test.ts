import t from 'tap'
import { NO_OUTBOX } from '../../../src/conversation/state/outbox-state.js'
import {
  added,
  hasDeadLetters,
  isListed,
  isPaused,
  isSilent,
  kept,
  newConversation,
} from '../../../src/conversation/state/state.js'
import { conversation, createThread, echo, HOUR, ID, mark, part, START } from '../../fixtures/conversation.js'

t.test('a new conversation is open, the bot is on, and nothing has happened', async (t) => {
  t.strictSame(newConversation(ID, START), {
    id: ID,
    createdAt: START,
    lastMessageAt: 0,
    seq: 0,
    closedAt: 0,
    resumedAt: 0,
    promptAt: 0,
    customerAt: 0,
    windowUntil: 0,
    causes: [],
    flags: [],
    flagUses: [],
    spoken: [],
    sent: [],
    unclaimed: [],
    waiting: [],
    setAside: [],
    asked: [],
    asking: {
      run: null,
      attempts: 0,
      restUntil: 0,
      heldSince: 0,
      assistantId: null,
      share: null,
      awayFor: 0,
      answeredUpTo: 0,
      cutOffUntil: 0,
    },
    early: [],
    intro: { seq: 0, hasLeft: false, personSeq: 0 },
    outbox: { parts: [], setAside: [], dead: [], posts: [] },
    profile: { name: null, username: null, picture: null, at: 0, isKnown: false },
  })
})

t.test('all new conversations share one empty list that nobody can write to', async (t) => {
  const one = newConversation(ID, START)
  const other = newConversation(ID, START)
  t.equal(one.flags, other.flags)
  t.equal(one.flags, one.waiting)
  t.equal(Object.isFrozen(one.flags), true)
})

t.test('a list over its cap loses its oldest items, one within it stays the same list', async (t) => {
  const list = [1, 2, 3]
  t.strictSame(added(list, 4, 4), [1, 2, 3, 4])
  t.strictSame(added(list, 4, 3), [2, 3, 4])
  t.strictSame(added(list, 4, 2), [3, 4])
  t.strictSame(added([], 4, 2), [4])
})

t.test('an unchanged list is kept, and an emptied one becomes the shared empty list', async (t) => {
  const list = [1, 2, 3]
  t.equal(
    kept(list, () => true),
    list,
  )
  t.strictSame(
    kept(list, (each) => each !== 2),
    [1, 3],
  )
  t.equal(
    kept(list, () => false),
    newConversation(ID, START).flags,
  )
  const empty: number[] = []
  t.equal(
    kept(empty, () => false),
    empty,
  )
  t.strictSame(list, [1, 2, 3])
})

t.test('a conversation is paused while it has a cause to be', async (t) => {
  const cause = { until: START + HOUR, reason: 'api', at: START, seq: 0, note: null } as const
  t.equal(isPaused(conversation()), false)
  t.equal(isPaused(conversation({ causes: [cause] })), true)
})

t.test(
  'a conversation is listed once somebody spoke, closed it or paused the bot; a mark alone leaves it silent',
  async (t) => {
    const marked = createThread()
    marked.apply(mark())
    t.equal(isSilent(marked.state()), true)
    t.equal(isListed(marked.state()), false)
    for (const event of [
      echo(),
      { is: 'state', open: false } as const,
      { is: 'bot', enabled: false, forMs: HOUR, note: null } as const,
    ]) {
      const thread = createThread()
      thread.apply(event)
      t.equal(isSilent(thread.state()), false)
      t.equal(isListed(thread.state()), true)
    }
  },
)

t.test('a conversation has dead letters while one is in its outbox', async (t) => {
  const letter = { seq: 1, reason: 'refused', code: '100', at: START, parts: [part()] } as const
  t.equal(hasDeadLetters(conversation()), false)
  t.equal(hasDeadLetters(conversation({ outbox: { ...NO_OUTBOX, dead: [letter] } })), true)
})
