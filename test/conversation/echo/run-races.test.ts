import assert from 'node:assert/strict'
import t from 'tap'
import type { Policy } from '../../../src/conversation/channel.js'
import type { Event } from '../../../src/conversation/event.js'
import { type Flag, NO_NAMES } from '../../../src/conversation/state/state.js'
import {
  createThread,
  customerMessage,
  type End,
  echo,
  mark,
  report,
  runEnd,
  SECOND,
  type Thread,
  wake,
} from '../../fixtures/conversation.js'
import fc, { RUNS } from '../../fixtures/property.js'
import { PLACES, type RunScript, runPolicies, runScripts } from '../../fixtures/spoken-run-moves.js'

/**
 * With a run that the router started, whose words are known and whose marks announce just what it sends, no person's echo
 * ends as the bot's, and no echo of the run's words ends as a person's, in any order of mark, echo, person and run's end.
 */

interface Played {
  readonly thread: Thread
  /** When each person wrote, by the text. */
  readonly people: ReadonlyMap<string, number>
  readonly said: readonly string[]
}

const ENDINGS: Readonly<Record<RunScript['ending'], End>> = {
  answer: { is: 'answer', text: '', conversationId: null },
  failed: { is: 'failed', isWorthRetry: false },
  unknown: { is: 'unknown', code: 'lost_stream' },
}

/** What happens at each place, in order. */
function timetable(script: RunScript, said: readonly string[], now: () => number) {
  const places: (() => Event)[][] = Array.from({ length: 2 * PLACES }, () => [])
  const sentAt = new Map<string, number>()
  let lastSend = 0
  script.messages.forEach((message, i) => {
    const text = said[i]!
    const marked = script.isCounted ? 0 : 2 * i
    const sent = marked + message.sentAfter
    lastSend = Math.max(lastSend, sent)
    if (!script.isCounted) {
      const words = message.isMarkedWithText ? text : null
      places[marked]!.push(() => mark({ text: words, idempotencyKey: `k${i}` }))
    } else if (i === 0) places[0]!.push(() => mark({ count: said.length }))
    const mid = `w${i}`
    // Nothing but the time is noted when it is sent.
    places[sent]!.push(() => {
      sentAt.set(text, now())
      return wakeNothing()
    })
    places[sent + message.heardAfter]!.push(() => echo({ mid, text, at: script.isTimed ? sentAt.get(text)! : 0 }))
    if (message.reportedAfter !== null) {
      places[sent + message.reportedAfter]!.push(() => report({ mid: message.isReportedWithId ? mid : null, text }))
    }
  })
  script.people.forEach((place, i) => {
    places[place]!.push(() => echo({ mid: `p${i}`, text: `person ${i}`, at: script.isTimed ? now() : 0 }))
  })
  const end = Math.max(script.end, lastSend)
  for (const beat of script.beats.filter((place) => place < end)) {
    const known = said.filter((_, i) => script.isCounted || 2 * i <= beat)
    places[beat]!.push(() => ({ is: 'run_beat', runId: 'run-1', names: NO_NAMES, said: known }))
  }
  places[end]!.push(() => runEnd(ENDINGS[script.ending], { said }))
  return places
}

/** An event that changes nothing. */
function wakeNothing(): Event {
  return { is: 'signal', at: 0, prompt: false, fromAd: false }
}

function play(script: RunScript, rules: Policy): Played {
  const thread = createThread(rules)
  thread.apply(customerMessage({ mid: 'c1' }))
  thread.wait(2 * SECOND)
  thread.apply(wake())
  const said = script.messages.map((_, i) => `the run's message ${i}`)
  const people = new Map<string, number>()
  for (const place of timetable(script, said, thread.now)) {
    for (const next of place) {
      const event = next()
      if (event.is === 'echo' && event.mid?.startsWith('p')) people.set(event.text!, thread.now())
      thread.apply(event)
    }
    thread.wait(script.stepMs)
  }
  return { thread, people, said }
}

function assertRight({ thread, people, said }: Played, rules: Policy): void {
  const rows = thread.messages().filter(({ type }) => type !== 'customer')
  assert.equal(rows.length, people.size + said.length, 'one row for each message')
  for (const { text, type } of rows) assert.equal(type, people.has(text!) ? 'support' : 'AI', `${text} is ${type}`)
  const { causes, flags } = thread.state()
  for (const { seq } of causes) assert.ok(people.has(thread.messages()[seq - 1]!.text!), 'the bot pauses itself')
  const last = Math.max(0, ...people.values())
  assert.deepEqual(
    thread.pause(),
    people.size === 0 ? null : { until: last + rules.pauseMs, reason: 'human_echo' },
    'the last person’s word counts, from when it was heard',
  )
  const isGood = ({ text, left, until }: Flag): boolean => text === null && left > 0 && thread.now() < until
  assert.ok(!flags.some(isGood), 'each message took its announcement: no flag is left for the next person')
  const after = thread.apply(echo({ mid: 'after', text: 'and afterwards' }))
  assert.ok('author' in after && after.author === 'human')
}

t.test('the authors are right in the end, in whatever order events arrive', async () => {
  fc.assert(
    fc.property(runScripts, runPolicies, (script, rules) => assertRight(play(script, rules), rules)),
    { numRuns: RUNS },
  )
})
