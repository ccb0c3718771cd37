import t from 'tap'
import { type Piece, textAnswer } from '../../../src/conversation/answer/answer.js'
import type { Policy } from '../../../src/conversation/channel.js'
import type { SendResult } from '../../../src/conversation/event.js'
import { nextStep } from '../../../src/conversation/next-step.js'
import { endSending, startSending } from '../../../src/conversation/sending/send-attempt.js'
import { LATEST_ECHO_MS } from '../../../src/conversation/state/lifetimes.js'
import { NO_OUTBOX, stageEnd } from '../../../src/conversation/state/outbox-state.js'
import { ANSWER_WINDOW_MS } from '../../../src/conversation/state/state.js'
import {
  changesNothing,
  conversation,
  createThread,
  customerMessage,
  draftOf,
  echo,
  flat,
  frozen,
  given,
  HOUR,
  MINUTE,
  message,
  outgoing,
  PICTURE,
  part,
  policy,
  SECOND,
  START,
  send,
  sendResult,
  type Thread,
  wake,
} from '../../fixtures/conversation.js'
import {
  dead,
  endWait,
  IN_PARTS,
  inQueue,
  LATER,
  leave,
  leaving,
  loseTrack,
  REFUSED,
  SENT,
  STALE,
  statuses,
  UNKNOWN_END,
} from '../../fixtures/leaving.js'

const RULES = policy()

t.test(
  'what becomes of a message of an erased conversation is nothing to the one that has its number now',
  async (t) => {
    for (const end of [SENT, LATER, REFUSED, STALE, UNKNOWN_END]) {
      const thread = leaving()
      const decision = thread.decision(sendResult(end, { createdAt: START - 1 }))
      t.strictSame([decision.state, decision.records], [null, []], end.is)
      t.equal(decision.ownId, end.is === 'sent' ? 'm1' : null, 'its echo is still known')
    }
  },
)

t.test('a part leaves with its echo expected, and those behind it wait', async (t) => {
  const thread = leaving()
  t.strictSame(statuses(thread), ['sending', 'queued', 'queued'])
  t.hasStrict(thread.state().outbox.parts[0], {
    attempts: 1,
    stage: { is: 'sending', leaseUntil: START + 12 * SECOND },
  })
  t.hasStrict(thread.state().sent, [{ message: { seq: 1, status: 'sending' }, until: START + LATEST_ECHO_MS }])
  t.equal(thread.apply(send(0)).leaving, null)
})

t.test('nothing is sent from an empty queue', async (t) => {
  const decision = createThread().decision(send(0))
  t.equal(decision.verdict.leaving, null)
  t.ok(changesNothing(decision))
})

t.test('a part waits for its time, and for its place in the rate', async (t) => {
  const thread = createThread()
  thread.apply(outgoing())
  t.equal(thread.apply(send(START + 300)).leaving, null)
  t.hasStrict(thread.state().outbox.parts, [
    { stage: { is: 'queued', notBefore: START + 300, slotAt: START + 300 }, attempts: 0 },
  ])
  t.strictSame(nextStep(thread.state(), RULES, START), { is: 'rest', until: START + 300 })
  t.equal(thread.apply(send(START)).leaving, null)
  thread.wait(300)
  t.hasStrict(thread.apply(send(START + 300)).leaving, {
    tag: null,
    part: { stage: { is: 'sending', leaseUntil: START + 300 + 12 * SECOND } },
  })
})

t.test('a part that may not be sent any more when its turn comes is cancelled', async (t) => {
  const queued = part({ message: message({ type: 'AI', status: 'queued' }) })
  const draft = draftOf(frozen(conversation({ seq: 1, outbox: { ...NO_OUTBOX, parts: [queued] } })))
  t.equal(startSending(given(draft, { policy: policy({ mode: 'off' }), now: START }), send(0)), null)
  t.hasStrict(draft.records.map(flat), [{ status: 'cancelled', reason: 'bot_off' }])
  t.strictSame(draft.state.outbox.parts, [])
})

for (const [says, type, tag, silentMs, leavesAs] of [
  ['within Meta’s window no tag is needed', 'AI', null, ANSWER_WINDOW_MS - 1, null],
  ['after it the bot has no word any more', 'AI', null, ANSWER_WINDOW_MS, 'not at all'],
  ['but under the tag that its caller gave it', 'AI', 'ACCOUNT_UPDATE', ANSWER_WINDOW_MS, 'ACCOUNT_UPDATE'],
  ['a person may still write under a person’s tag', 'support', null, ANSWER_WINDOW_MS, 'HUMAN_AGENT'],
  ['for seven days', 'support', null, 7 * 24 * HOUR - 1, 'HUMAN_AGENT'],
  ['and not longer', 'support', null, 7 * 24 * HOUR, 'not at all'],
  ['advertising is no person’s word', 'marketing', null, ANSWER_WINDOW_MS, 'not at all'],
] as const) {
  t.test(`the window for answers: ${says}`, async (t) => {
    const thread = createThread()
    thread.apply(customerMessage({ standby: true }))
    thread.wait(silentMs)
    thread.apply(outgoing({ type, tag }))
    const { leaving } = thread.apply(send(0))
    if (leavesAs === 'not at all') {
      t.equal(leaving, null)
      t.hasStrict(thread.messages()[1], { status: 'failed', reason: 'window_closed' })
      t.hasStrict(thread.state().outbox.dead, [{ reason: 'window_closed', code: 'window_closed', seq: 2 }])
    } else {
      t.hasStrict(leaving, { tag: leavesAs })
    }
  })
}

t.test('for an unknown customer the window is left to Meta to judge', async (t) => {
  const thread = createThread()
  thread.apply(outgoing())
  t.hasStrict(thread.apply(send(0)).leaving, { tag: null })
})

t.test('a part that Meta accepted is sent, its echo expected for a while, and the next part may leave', async (t) => {
  const thread = leaving()
  thread.wait(SECOND)
  const { ownId } = thread.decision(sendResult(SENT))
  t.equal(ownId, 'm1')
  thread.apply(sendResult(SENT))
  t.hasStrict(thread.messages()[0], { status: 'sent', mid: 'm1', evidence: null, reason: null })
  t.hasStrict(thread.state().sent, [{ message: { mid: 'm1', status: 'sent' }, until: thread.now() + MINUTE }])
  t.strictSame(inQueue(thread), [2, 3])
  t.equal(thread.state().asking.restUntil, 0, 'there is more to come')
  t.equal(leave(thread).message.seq, 2)
  t.hasStrict(thread.apply(echo({ mid: 'm1', text: 'changed by Meta' })), { reason: 'own_message', author: 'bot' })
  t.equal(thread.pause(), null)
})

t.test('the cooldown begins when the last part has arrived', async (t) => {
  const thread = createThread()
  thread.apply(outgoing())
  leave(thread)
  thread.wait(SECOND)
  thread.apply(sendResult(SENT))
  t.equal(thread.state().asking.restUntil, thread.now() + 3 * SECOND)
})

t.test('after a message of ours the customer may repeat a question', async (t) => {
  const thread = createThread()
  thread.apply(customerMessage({ text: 'ok' }))
  thread.apply(outgoing())
  leave(thread)
  thread.wait(SECOND)
  thread.apply(sendResult(SENT, { seq: 2 }))
  t.equal(thread.apply(customerMessage({ text: 'ok' })).reason, null)
})

for (const [says, end, attempts] of [
  ['sent', SENT, 2],
  ['to be tried later', LATER, 1],
  ['lost', UNKNOWN_END, 1],
] as const) {
  t.test(`the outcome ‘${says}’ of a part that is queued again or in another attempt moves nothing on`, async (t) => {
    const thread = leaving()
    thread.apply(sendResult(LATER))
    const decision = thread.decision(sendResult(end, { attempt: attempts }))
    if (end.is !== 'sent') t.ok(changesNothing(decision))
    t.equal(thread.decision(sendResult(LATER, { seq: 9 })).state, null, 'nor does that of a part that is not there')
  })
}

for (const [says, end, random, ms] of [
  ['half a second', LATER, 0, 500],
  ['a second and a half', LATER, 1, 1_500],
  ['as long as Meta asks for', { is: 'later', code: '613', afterMs: HOUR }, 0.5, HOUR],
] as const) {
  t.test(`a part that Meta did not accept now is tried again after ${says}`, async (t) => {
    const thread = leaving()
    thread.apply(sendResult(end, { random }))
    t.strictSame(statuses(thread), ['queued', 'queued', 'queued'])
    t.hasStrict(thread.state().outbox.parts[0], {
      stage: { is: 'queued', notBefore: START + ms, slotAt: 0 },
      attempts: 1,
      isSecondTry: false,
    })
    t.strictSame(thread.state().sent, [], 'it did not arrive: no echo is expected')
  })
}

t.test('each try waits twice as long as the one before, a minute at the most', async (t) => {
  const rules = policy({ sendAttempts: 9 })
  const thread = leaving(rules)
  const waits: number[] = []
  for (let attempt = 1; attempt < 9; attempt += 1) {
    thread.apply(sendResult(LATER, { attempt }))
    const wait = stageEnd(thread.state().outbox.parts[0]!.stage) - thread.now()
    waits.push(wait / SECOND)
    thread.wait(wait)
    leave(thread)
  }
  t.strictSame(waits, [1, 2, 4, 8, 16, 32, 60, 60])
})

t.test('the last try is the last: one dead letter holds the part and those that were to follow', async (t) => {
  const thread = leaving(policy({ sendAttempts: 1 }))
  thread.apply(outgoing({ text: 'another message' }))
  thread.apply(sendResult(LATER))
  t.strictSame(statuses(thread), ['failed', 'cancelled', 'cancelled', 'queued'])
  t.ok(thread.messages().every((each, index) => index === 3 || each.reason === 'attempts_exhausted'))
  t.strictSame(dead(thread), [[1, 2, 3]])
  t.match(thread.state().outbox.dead, [{ code: '613' }], 'as Meta answered last')
  t.strictSame(inQueue(thread), [4])
})

t.test('a part that Meta refuses is given up at once, with Meta’s code', async (t) => {
  const thread = leaving()
  thread.apply(sendResult({ is: 'dead', reason: 'thread_not_ours', code: '10/2018300' }))
  t.strictSame(statuses(thread), ['failed', 'cancelled', 'cancelled'])
  t.hasStrict(thread.state().outbox.dead, [{ seq: 1, reason: 'thread_not_ours', code: '10/2018300', at: START }])
  t.strictSame(thread.state().sent, [])
  t.equal(thread.state().asking.restUntil, START + 3 * SECOND)
})

t.test('at most fifty dead letters are kept', async (t) => {
  const thread = createThread()
  for (let seq = 1; seq <= 51; seq += 1) {
    thread.apply(outgoing())
    leave(thread)
    thread.apply(sendResult(REFUSED, { seq }))
  }
  t.equal(dead(thread).length, 50)
  t.strictSame(dead(thread)[0], [2])
})

for (const [says, lose] of [
  ['its process says so', (thread: Thread) => void thread.apply(sendResult(UNKNOWN_END))],
  ['its process is silent', loseTrack],
] as const) {
  t.test(`a part of which nobody knows whether it arrived, as ${says}, is waited for`, async (t) => {
    const thread = leaving()
    lose(thread)
    t.strictSame(statuses(thread), ['unknown', 'queued', 'queued'])
    t.same(thread.state().outbox.parts[0]?.stage, { is: 'unknown', echoUntil: thread.now() + 30 * SECOND })
    t.equal(thread.state().sent[0]?.until, thread.now() + LATEST_ECHO_MS)
    t.equal(thread.apply(send(0)).leaving, null, 'what follows waits too')
    t.ok(changesNothing(thread.decision(sendResult(UNKNOWN_END))), 'known already')
    endWait(thread)
    t.strictSame(statuses(thread), ['unknown', 'cancelled', 'cancelled'])
    t.hasStrict(thread.state().outbox.dead, [{ seq: 1, reason: 'unknown_outcome' }])
  })
}

t.test('the outcome of a lost part may still come: sent, to be retried, or refused', async (t) => {
  for (const [end, status] of [
    [SENT, 'sent'],
    [LATER, 'queued'],
    [REFUSED, 'failed'],
  ] as const) {
    const thread = leaving()
    loseTrack(thread)
    thread.apply(sendResult(end))
    t.equal(statuses(thread)[0], status)
  }
})

t.test('with resending on, a lost part is sent once more and not a third time', async (t) => {
  const thread = leaving(policy({ unknownSend: 'retry' }))
  loseTrack(thread)
  endWait(thread)
  t.strictSame(statuses(thread), ['queued', 'queued', 'queued'])
  t.hasStrict(leave(thread), { message: { seq: 1 }, attempts: 2, isSecondTry: true })
  loseTrack(thread)
  endWait(thread)
  t.hasStrict(thread.state().outbox.dead, [{ seq: 1, reason: 'unknown_outcome' }])
})

t.test('a lost part is not sent again above its attempts, or after a takeover', async (t) => {
  const tried = leaving(policy({ unknownSend: 'retry', sendAttempts: 1 }))
  loseTrack(tried)
  endWait(tried)
  t.strictSame(dead(tried), [[1, 2, 3]])
  const taken = leaving(policy({ unknownSend: 'retry' }))
  loseTrack(taken)
  taken.apply(echo({ text: 'from me' }))
  endWait(taken)
  t.equal(dead(taken).length, 1)
  t.strictSame(inQueue(taken), [])
})

t.test('each echo of a part that was sent twice is expected separately', async (t) => {
  const thread = leaving(policy({ unknownSend: 'retry' }))
  loseTrack(thread)
  endWait(thread)
  leave(thread)
  thread.apply(sendResult({ is: 'sent', mid: 'm2' }, { attempt: 2 }))
  t.strictSame(
    thread.state().sent.map((each) => each.until - thread.now()),
    [LATEST_ECHO_MS - 30 * SECOND, MINUTE],
    'that the second arrived says nothing about the first',
  )
  thread.wait(10 * MINUTE)
  t.hasStrict(thread.apply(echo({ mid: 'm1', text: IN_PARTS[0]! })), { reason: 'own_message' })
  t.equal(thread.pause(), null)
})

t.test('each echo uses up its own expectation, in whatever order they come', async (t) => {
  const thread = leaving(policy({ unknownSend: 'retry' }))
  loseTrack(thread)
  endWait(thread)
  leave(thread)
  thread.apply(sendResult({ is: 'sent', mid: 'm2' }, { attempt: 2 }))
  t.hasStrict(thread.apply(echo({ mid: 'm2', text: IN_PARTS[0]! })), { evidence: 'message_id' })
  thread.wait(10 * MINUTE)
  t.hasStrict(thread.apply(echo({ mid: 'm1', text: IN_PARTS[0]! })), { evidence: 'text', reason: 'own_message' })
  t.strictSame(thread.state().sent, [])
})

t.test('a failed second attempt does not mean that the first one failed', async (t) => {
  for (const end of [LATER, REFUSED]) {
    const thread = leaving(policy({ unknownSend: 'retry', sendAttempts: 2 }))
    loseTrack(thread)
    endWait(thread)
    leave(thread)
    thread.apply(sendResult(end, { attempt: 2 }))
    t.equal(statuses(thread)[0], 'failed')
    t.hasStrict(thread.apply(echo({ mid: 'm1', text: IN_PARTS[0]! })), { reason: 'own_message' })
    t.equal(thread.pause(), null)
    t.equal(statuses(thread)[0], 'sent')
    t.strictSame(dead(thread), [[2, 3]])
  }
})

for (const when of ['before the second request', 'while it is on the wire', 'after it was refused'] as const) {
  t.test(`a part that may have arrived is not cancelled by a takeover ${when}`, async (t) => {
    const stepIn = (thread: Thread): void => void thread.apply(echo({ text: 'from me' }))
    const taken = (): Thread => {
      const thread = leaving(policy({ unknownSend: 'retry' }))
      loseTrack(thread)
      endWait(thread)
      if (when === 'before the second request') stepIn(thread)
      else {
        leave(thread)
        if (when === 'while it is on the wire') stepIn(thread)
        thread.apply(sendResult(LATER, { attempt: 2 }))
        if (when === 'after it was refused') stepIn(thread)
      }
      t.strictSame(statuses(thread).slice(0, 3), ['unknown', 'cancelled', 'cancelled'])
      t.strictSame(inQueue(thread), [1])
      return thread
    }
    const echoed = taken()
    t.hasStrict(echoed.apply(echo({ mid: 'm1', text: IN_PARTS[0]! })), { reason: 'own_message', evidence: 'text' })
    t.strictSame(statuses(echoed).slice(0, 3), ['sent', 'cancelled', 'cancelled'])
    const silent = taken()
    endWait(silent)
    t.hasStrict(silent.state().outbox, { parts: [], dead: [{ seq: 1, reason: 'unknown_outcome' }] })
    t.equal(statuses(silent)[0], 'unknown')
    const handedBack = taken()
    handedBack.apply({ is: 'bot', enabled: true, forMs: 0, note: null })
    endWait(handedBack)
    t.equal(statuses(handedBack)[0], 'queued', 'its second request is still to be made')
  })
}

t.test('a person’s message waits while an earlier part’s outcome is unknown', async (t) => {
  const thread = leaving(policy({ unknownSend: 'retry' }))
  loseTrack(thread)
  endWait(thread)
  thread.apply(outgoing({ type: 'support', text: 'from me' }))
  t.strictSame(inQueue(thread), [1, 4])
  t.equal(thread.apply(send(thread.now())).leaving, null)
  endWait(thread)
  t.equal(leave(thread).message.seq, 4)
})

t.test('the first try’s late success spares the second', async (t) => {
  const thread = leaving(policy({ unknownSend: 'retry' }))
  loseTrack(thread)
  endWait(thread)
  thread.apply(sendResult(SENT))
  t.strictSame(statuses(thread), ['sent', 'queued', 'queued'])
  t.equal(leave(thread).message.seq, 2)
})

t.test('a part whose process stood still before the request is queued again, however often', async (t) => {
  const thread = leaving(policy({ sendAttempts: 1 }))
  for (const attempt of [1, 2, 3]) {
    thread.apply(sendResult(STALE, { attempt }))
    t.strictSame(statuses(thread), ['queued', 'queued', 'queued'])
    t.hasStrict(thread.state().outbox.parts[0], { stage: { is: 'queued', notBefore: thread.now(), slotAt: 0 } })
    t.strictSame(thread.state().sent, [], 'no echo of it will come')
    t.equal(leave(thread).attempts, attempt + 1)
  }
  thread.apply(sendResult(STALE, { attempt: 2 }))
  t.equal(statuses(thread)[0], 'sending', 'that of an earlier decision says nothing about this one')
})

t.test('a part that made no request is queued again, also where another process took it to be lost', async (t) => {
  const thread = leaving()
  loseTrack(thread)
  thread.apply(sendResult(STALE))
  t.strictSame(statuses(thread), ['queued', 'queued', 'queued'])
  t.equal(leave(thread).attempts, 2)
  const givenUp = leaving()
  loseTrack(givenUp)
  endWait(givenUp)
  t.equal(changesNothing(givenUp.decision(sendResult(STALE))), true)
})

t.test('a person who stepped in while a process stood still has its part cancelled', async (t) => {
  const thread = leaving()
  thread.apply(echo({ text: 'from me' }))
  thread.apply(sendResult(STALE))
  t.strictSame(inQueue(thread), [])
  t.strictSame(statuses(thread), ['cancelled', 'cancelled', 'cancelled', 'sent'])
  t.hasStrict(thread.messages()[0], { reason: 'bot_paused' })
})

t.test('a part whose second request was not made may have arrived by its first', async (t) => {
  const thread = leaving(policy({ unknownSend: 'retry' }))
  loseTrack(thread)
  endWait(thread)
  leave(thread)
  thread.apply(echo({ text: 'from me' }))
  thread.apply(sendResult(STALE, { attempt: 2 }))
  t.equal(statuses(thread)[0], 'unknown')
  t.hasStrict(thread.apply(echo({ mid: 'm1', text: IN_PARTS[0]! })), { evidence: 'text', reason: 'own_message' })
})

t.test('a process that did not hear of its own commit sends after all', async (t) => {
  const thread = createThread()
  thread.apply(outgoing())
  const event = send(thread.now())
  const first = thread.apply(event).leaving
  t.strictSame(thread.apply(event).leaving, first)
  t.equal(thread.apply(send(thread.now())).leaving, null, 'and no other one does')
})

t.test(
  'a part whose second request was not made is not queued again after a takeover, or when taken to be lost',
  async (t) => {
    const begun = (): { thread: Thread; event: ReturnType<typeof send> } => {
      const thread = createThread()
      thread.apply(outgoing())
      const event = send(thread.now())
      thread.apply(event)
      return { thread, event }
    }
    const taken = begun()
    taken.thread.apply(echo({ text: 'from me' }))
    t.equal(taken.thread.apply(taken.event).leaving, null)
    t.strictSame(statuses(taken.thread), ['cancelled', 'sent'])
    t.strictSame(taken.thread.state().sent, [])
    const lost = begun()
    loseTrack(lost.thread)
    t.equal(lost.thread.apply(lost.event).leaving, null)
    t.strictSame(statuses(lost.thread), ['queued'])
    t.equal(leave(lost.thread).attempts, 2)
    const late = begun()
    late.thread.apply(sendResult(SENT))
    t.equal(late.thread.apply(late.event).leaving, null)
  },
)

t.test(
  'a person who steps in while a part is on the wire cannot call it back, but it is not tried again',
  async (t) => {
    const thread = leaving()
    t.equal(thread.decision(echo({ text: 'from me' })).onTheWire, 1)
    thread.apply(echo({ text: 'from me' }))
    t.strictSame(inQueue(thread), [1])
    thread.apply(sendResult(LATER))
    t.strictSame(inQueue(thread), [])
    t.hasStrict(thread.messages()[0], { status: 'cancelled', reason: 'bot_paused' })
  },
)

t.test('a failed attempt changes nothing where the echo of an earlier one has confirmed the part', async (t) => {
  const thread = createThread(policy({ unknownSend: 'retry' }))
  thread.apply(outgoing())
  leave(thread)
  loseTrack(thread)
  endWait(thread)
  leave(thread)
  thread.apply(echo({ mid: 'm2', text: 'changed by Meta' }))
  thread.apply(echo({ mid: 'm1' }))
  t.not(thread.pause(), null)
  thread.apply(sendResult({ is: 'sent', mid: 'm2' }, { attempt: 2 }))
  t.equal(thread.pause(), null)
  t.hasStrict(thread.messages()[0], { status: 'sent', mid: 'm1', evidence: 'text' })
})

t.test('a pause that proves wrong also gives back a part that had failed for the moment', async (t) => {
  const thread = createThread()
  thread.apply(outgoing({ text: 'first' }))
  leave(thread)
  thread.apply(echo({ mid: 'e1', text: 'from another program' }))
  thread.apply(sendResult(LATER))
  t.strictSame(inQueue(thread), [])
  thread.apply({ is: 'reported', type: 'AI', mid: 'e1', kind: 'text', text: null, attachments: [], source: 'Node' })
  t.strictSame(inQueue(thread), [1])
  t.equal(statuses(thread)[0], 'queued')
})

t.test('a part cancelled by closing the conversation is not set aside', async (t) => {
  const thread = createThread()
  thread.apply(outgoing({ text: 'first' }))
  leave(thread)
  thread.apply(echo({ mid: 'e1', text: 'from another program' }))
  thread.apply({ is: 'state', open: false })
  thread.apply(sendResult(LATER))
  t.hasStrict(thread.messages()[0], { status: 'cancelled', reason: 'conversation_closed' })
  t.strictSame(thread.state().outbox.setAside, [])
})

t.test('the rest of a message is not put back after its first part failed', async (t) => {
  const thread = leaving()
  thread.apply(echo({ mid: 'e1', text: 'from another program' }))
  thread.apply(sendResult(REFUSED))
  t.strictSame(dead(thread), [[1, 2, 3]])
  thread.apply({ is: 'reported', type: 'AI', mid: 'e1', kind: 'text', text: null, attachments: [], source: 'Node' })
  t.equal(thread.pause(), null)
  t.strictSame(inQueue(thread), [], 'the end of a message without its beginning')
})

t.test('an outcome outside of the union is a fault', async (t) => {
  const draft = draftOf(
    conversation({ outbox: { ...NO_OUTBOX, parts: [part({ attempts: 1, message: message({ status: 'sending' }) })] } }),
  )
  const strange = sendResult({ is: 'surprise' } as never)
  t.throws(() => endSending(given(draft, { policy: RULES, now: START }), strange), /not a member of the union/)
})

/** A text, a picture and a text, of which the first has left. */
function illustrated(rules: Policy = RULES, url = PICTURE.url): Thread {
  const picture: Piece = { is: 'attachment', attachment: { ...PICTURE, url } }
  const thread = createThread(rules)
  const pieces = [...textAnswer('Look:').pieces, picture, ...textAnswer('Nice?').pieces]
  thread.apply(outgoing({ answer: { pieces, quickReplies: ['Yes', 'No'] } }))
  leave(thread)
  thread.apply(sendResult(SENT, { seq: 1 }))
  return thread
}

const NO_FORM: SendResult['end'] = { is: 'form_refused', code: '100/2018047' }

t.test('a picture has a place, a row and an echo of its own', async (t) => {
  const thread = illustrated()
  t.hasStrict(leave(thread).message, { seq: 2, kind: 'image', text: null, attachments: [PICTURE] })
  const heard = thread.apply(echo({ mid: 'p1', text: null, kind: 'image', attachments: [PICTURE] }))
  t.hasStrict(heard, { outcome: 'duplicate', author: 'bot', evidence: 'text' })
  t.hasStrict(leave(thread), { message: { seq: 3, text: 'Nice?' }, quickReplies: ['Yes', 'No'] })
  t.strictSame(statuses(thread), ['sent', 'sent', 'sending'])
  t.equal(thread.pause(), null)
})

t.test('a person who steps in after the first part stops what follows it', async (t) => {
  const thread = illustrated()
  thread.apply(echo({ mid: 'h1', text: 'I am here' }))
  t.strictSame(inQueue(thread), [])
  t.strictSame(statuses(thread).slice(0, 3), ['sent', 'cancelled', 'cancelled'])
})

t.test('a refused picture leaves as its link, once, and what follows it too', async (t) => {
  const thread = illustrated()
  leave(thread)
  thread.apply(sendResult(NO_FORM, { seq: 2 }))
  t.hasStrict(thread.messages()[1], { kind: 'text', text: PICTURE.url, attachments: [], status: 'queued' })
  t.strictSame(
    thread.state().sent.map((each) => each.message.seq),
    [1],
    'the picture is not expected any more',
  )
  thread.apply(sendResult(NO_FORM, { seq: 2 }))
  t.hasStrict(
    leave(thread),
    { message: { seq: 2, text: PICTURE.url }, attempts: 2 },
    'the same answer again changes nothing',
  )
  thread.apply(sendResult({ is: 'sent', mid: 'm2' }, { seq: 2, attempt: 2 }))
  t.hasStrict(thread.apply(echo({ mid: 'm2', text: PICTURE.url })), { outcome: 'duplicate', author: 'bot' })
  t.hasStrict(leave(thread).message, { seq: 3, text: 'Nice?' })
})

t.test('a link that is refused as well is a dead letter, with what was to follow it', async (t) => {
  const thread = illustrated()
  leave(thread)
  thread.apply(sendResult(NO_FORM, { seq: 2 }))
  leave(thread)
  thread.apply(sendResult(REFUSED, { seq: 2, attempt: 2 }))
  t.strictSame(dead(thread), [[2, 3]])
  const far = illustrated(RULES, `https://cdn.example/${'x'.repeat(1_000)}`)
  leave(far)
  far.apply(sendResult(NO_FORM, { seq: 2 }))
  t.strictSame(dead(far), [[2, 3]], 'and so is one that does not fit into a message')
  t.hasStrict(far.state().outbox.dead, [{ reason: 'refused', code: '100/2018047' }])
})

t.test('a picture of unknown outcome is not sent again, in no form', async (t) => {
  const thread = illustrated()
  leave(thread)
  thread.apply(sendResult(UNKNOWN_END, { seq: 2 }))
  t.strictSame(statuses(thread), ['sent', 'unknown', 'queued'])
  thread.wait(RULES.unknownSendWaitMs)
  thread.apply(wake())
  t.strictSame(dead(thread), [[2, 3]])
})

t.test('refused quick replies are left out, and the text is sent', async (t) => {
  const thread = createThread(RULES)
  thread.apply(outgoing({ answer: { ...textAnswer('Well?'), quickReplies: ['Yes'] } }))
  t.strictSame(leave(thread).quickReplies, ['Yes'])
  thread.apply(sendResult(NO_FORM))
  t.hasStrict(leave(thread), { message: { text: 'Well?' }, quickReplies: [], attempts: 2 })
})

t.test('a person who stepped in while the picture was refused keeps its link back', async (t) => {
  const thread = illustrated()
  leave(thread)
  thread.apply(echo({ mid: 'h1', text: 'I am here' }))
  thread.apply(sendResult(NO_FORM, { seq: 2 }))
  t.strictSame(inQueue(thread), [])
  t.hasStrict(thread.messages()[1], { text: PICTURE.url, status: 'cancelled', reason: 'bot_paused' })
})
