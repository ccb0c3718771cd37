import { personDidNotIntervene } from '../outbox/intro.js'
import { putPartsBack } from '../outbox/outbox.js'
import { givenBack, withoutCause } from '../pause/pause.js'
import { whySilent } from '../pause/why-silent.js'
import { changed } from '../state/changed.js'
import { type Draft, rewrite } from '../state/draft.js'
import { NONE } from '../state/none.js'
import { kept } from '../state/state.js'
import { isOneOf } from '../text/words.js'
import { handOff } from './hand-off.js'

/**
 * Late evidence: the message that paused the bot was not a person's. The questions and parts that it cancelled are
 * asked and sent after all, unless the customer asked for a person meanwhile.
 */
export function undoTakeover(draft: Draft, seq: number): void {
  const { policy, now } = draft
  personDidNotIntervene(draft, seq)
  if (!draft.state.causes.some((cause) => cause.seq === seq)) return
  draft.state = withoutCause(draft.state, seq)
  if (whySilent(draft.state, policy, now) !== null) return
  const back = givenBack(draft.state, now)
  const wish = back.find(({ text }) => isOneOf(text, policy.handoffWords))
  if (wish !== undefined) {
    rewrite(draft, changed(wish, { reason: 'customer_request' }))
    draft.state = { ...draft.state, setAside: kept(draft.state.setAside, ({ message }) => message.seq !== wish.seq) }
    handOff(draft, { reason: 'customer_request', seq: wish.seq })
    return
  }
  const asked = back.map((message) => changed(message, { status: 'received', reason: null }))
  draft.records.push(...asked)
  draft.state = {
    ...draft.state,
    setAside: NONE,
    waiting: [...draft.state.waiting, ...asked].sort((a, b) => a.seq - b.seq),
  }
  putPartsBack(draft)
}
