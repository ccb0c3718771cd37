import t from 'tap'
import type { Event } from '../../src/conversation/event.js'
import { NO_NAMES } from '../../src/conversation/state/state.js'
import type { Verdict } from '../../src/conversation/verdict.js'
import {
  createThread,
  customerMessage,
  deletion,
  echo,
  edit,
  HOUR,
  mark,
  outgoing,
  reaction,
  read,
  report,
  runEnd,
  send,
  sendResult,
  signal,
  wake,
} from '../fixtures/conversation.js'

/** One of each kind: a new kind of event does not compile until it stands here. */
const EVENTS: { readonly [Kind in Event['is']]: Event & { readonly is: Kind } } = {
  message: customerMessage(),
  echo: echo(),
  edit: edit({ mid: 'c1' }),
  delete: deletion({ mid: 'c1' }),
  reaction: reaction({ mid: 'c1' }),
  read: read(),
  signal: signal({ prompt: true }),
  mark: mark(),
  reported: report(),
  bot: { is: 'bot', enabled: false, forMs: HOUR, note: null },
  state: { is: 'state', open: false },
  wake: wake(),
  send: send(0),
  send_result: sendResult({ is: 'sent', mid: 'm1' }),
  run_beat: { is: 'run_beat', runId: 'run-1', names: NO_NAMES, said: null },
  run_end: runEnd({ is: 'answer', text: 'hello', conversationId: null }),
  outgoing: outgoing(),
  redrive: { is: 'redrive', seq: 1 },
  discard: { is: 'discard', seq: 1 },
  handover: { is: 'handover', at: 0, how: 'taken', newOwner: '9' },
  feedback: { is: 'feedback', seq: 1, rating: 'positive', comment: null },
  transcribed: { is: 'transcribed', seq: 1, text: 'how much?' },
  profile: { is: 'profile', found: { name: 'Sara', username: null, picture: null } },
}

/** They speak of work that is under way: where there is none, they change nothing. */
const NEED_WORK: ReadonlySet<Event['is']> = new Set(['run_beat', 'run_end', 'redrive', 'discard'])

/** What was erased does not come back by this. */
const NEED_A_BEGINNING: ReadonlySet<Event['is']> = new Set(['profile', 'transcribed'])

/** A mark, a wake-up and a place in the rate are always accepted. */
const outcomeOf = (verdict: Verdict): string => ('outcome' in verdict ? verdict.outcome : 'accepted')

for (const event of Object.values(EVENTS)) {
  const outcome = NEED_WORK.has(event.is) ? 'refused' : 'accepted'
  const atBeginning = NEED_A_BEGINNING.has(event.is) ? 'refused' : outcome
  t.test(
    `an event of the kind ${event.is} is decided, at the beginning of a conversation and within one`,
    async (t) => {
      t.equal(outcomeOf(createThread().apply(event)), atBeginning)
      const thread = createThread()
      thread.apply(customerMessage({ mid: 'c1' }))
      t.equal(outcomeOf(thread.apply(event)), outcome)
    },
  )
}
