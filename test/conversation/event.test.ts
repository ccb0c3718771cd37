import t from 'tap'
import type { Event } from '../../src/conversation/event.js'
import {
  createThread,
  customerMessage,
  deletion,
  echo,
  edit,
  HOUR,
  mark,
  reaction,
  read,
  report,
  signal,
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
}

for (const event of Object.values(EVENTS)) {
  t.test(
    `an event of the kind ${event.is} is decided, at the beginning of a conversation and within one`,
    async (t) => {
      t.equal(createThread().apply(event).outcome, 'accepted')
      const thread = createThread()
      thread.apply(customerMessage({ mid: 'c1' }))
      t.equal(thread.apply(event).outcome, 'accepted')
    },
  )
}
