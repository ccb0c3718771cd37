import assert from 'node:assert/strict'
import t from 'tap'
import { missingIn } from '../../../src/engine/backfill/missing-messages.js'
import type { ThreadMessage } from '../../../src/engine/providers.js'
import { createThread, customerMessage, echo, policy, SECOND, type Thread } from '../../fixtures/conversation.js'
import fc, { RUNS } from '../../fixtures/property.js'

/** A conversation of which webhooks bring some messages in some order, and backfills the rest. */

interface Said {
  readonly isOurs: boolean
  readonly text: string
  /** After the one before. */
  readonly waitMs: number
}

type Arrival =
  /** The webhook of one of the messages said so far, also one that came before. */
  { readonly is: 'webhook'; readonly which: number } | { readonly is: 'backfill' } | { readonly is: 'say' }

const said: fc.Arbitrary<Said> = fc.record({
  isOurs: fc.boolean(),
  text: fc.constantFrom('yes', 'no', 'how much?'),
  waitMs: fc.constantFrom(0, 300, SECOND, 20 * SECOND, 3_600_000),
})
const arrival: fc.Arbitrary<Arrival> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ is: 'say' } as const) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('webhook' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.constant({ is: 'backfill' } as const) },
)

/** At Meta, where times are in whole seconds. */
function atMeta({ isOurs, text }: Said, mid: string, at: number): ThreadMessage {
  const content = { kind: 'text', text, attachments: [], storyMention: false, supported: true } as const
  return { mid, at: Math.floor(at / SECOND) * SECOND, isOurs, ...content }
}

function live(script: readonly Said[], arrivals: readonly Arrival[]) {
  const thread = createThread(policy())
  const meta: ThreadMessage[] = []
  const times: number[] = []
  let next = 0

  function say(): void {
    const one = script[next]
    if (one === undefined) return
    thread.wait(one.waitMs)
    times.push(thread.now())
    meta.push(atMeta(one, `m${next}`, thread.now()))
    next += 1
  }

  function deliver(which: number): void {
    const one = meta[which]
    if (one === undefined) return
    const { mid, text, isOurs } = one
    const of = { mid, text, at: times[which]! }
    thread.apply(isOurs ? echo(of) : customerMessage(of))
  }

  for (const each of arrivals) {
    if (each.is === 'say') say()
    else if (each.is === 'webhook') deliver(each.which)
    else backfill(thread, meta)
  }
  return { thread, meta, deliver }
}

function backfill(thread: Thread, meta: readonly ThreadMessage[]): void {
  for (const event of missingIn(meta.slice(-20), thread.messages(), 0, [])) thread.apply(event)
}

const script = fc.array(said, { minLength: 1, maxLength: 12 })
const arrivals = fc.array(arrival, { maxLength: 40 })

t.test('after a backfill every message is there once, in whatever order it and the webhooks came', async () => {
  fc.assert(
    fc.property(script, arrivals, (script, arrivals) => {
      const { thread, meta, deliver } = live(script, arrivals)
      backfill(thread, meta)
      const all = meta.map(({ mid }) => mid).toSorted()
      assert.deepEqual(
        thread
          .messages()
          .map(({ mid }) => mid)
          .toSorted(),
        all,
      )
      const before = thread.state()
      backfill(thread, meta)
      assert.equal(thread.state(), before, 'a second one finds nothing')
      for (const which of meta.keys()) deliver(which)
      assert.deepEqual(
        thread
          .messages()
          .map(({ mid }) => mid)
          .toSorted(),
        all,
        'nor do webhooks that come later',
      )
    }),
    { numRuns: RUNS },
  )
})

t.test('a backfill of what the webhooks brought in time changes nothing', async () => {
  fc.assert(
    fc.property(script, (script) => {
      const each = script.flatMap((_, which): Arrival[] => [{ is: 'say' }, { is: 'webhook', which }])
      const { thread, meta } = live(script, each)
      assert.deepEqual(missingIn(meta, thread.messages(), 0, []), [])
    }),
    { numRuns: RUNS },
  )
})

t.test('nothing is asked that somebody answered after it, and a person’s message pauses the bot', async () => {
  fc.assert(
    fc.property(script, (script) => {
      const { thread, meta } = live(script, [...script.map((): Arrival => ({ is: 'say' })), { is: 'backfill' }])
      const last = meta.findLastIndex(({ isOurs }) => isOurs)
      for (const message of thread.state().waiting) {
        assert.ok(meta.findIndex(({ mid }) => mid === message.mid) > last)
      }
      const isPaused = last >= 0 && thread.now() - meta[last]!.at < policy().pauseMs
      assert.equal(thread.pause() !== null, isPaused)
    }),
    { numRuns: RUNS },
  )
})
