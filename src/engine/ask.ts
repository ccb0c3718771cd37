import type { Channel } from '../conversation/channel.js'
import type { Wake as WakeEvent } from '../conversation/event.js'
import type { ConversationId } from '../conversation/ids.js'
import { type AskedQuestion, questionOf } from '../conversation/question/question-text.js'
import { stillAsked } from '../conversation/question/run.js'
import type { Conversation, Run } from '../conversation/state/state.js'
import { createCircuitBreakers } from './circuit-breakers.js'
import { createFindOut } from './find-out.js'
import { BEAT_MS, createHeartbeat, type RunningCall } from './heartbeat.js'
import type { Manners } from './manners.js'
import { persist } from './persist.js'
import type { Log, Meter, Receive, Store } from './ports.js'
import type { AskOutcome, AskReply, AssistantClient, ReadAnswer, VoiceFetcher } from './providers.js'
import { BROKEN, CANCELLED, createRunEndOf, STANDS_STILL, TAKEN_BACK } from './run-outcome.js'
import { createRunWords } from './run-words.js'
import { spokenTexts } from './spoken-texts.js'
import { createSuggestions } from './suggestions.js'
import type { Timers } from './timers.js'
import { createTranscriptFor } from './transcript-for.js'
import type { UnderWay } from './under-way.js'
import { createHearVoices } from './voices.js'

/** The calls to assistants that this process has under way. */
export interface Ask {
  /** When a question of the channel may be asked, and whether it must wait because the assistant is down. */
  readiness(channel: Channel): Pick<WakeEvent, 'assistantFreeAt' | 'isAssistantDown'>
  /** Asks the run's question; the decision to do so is valid until `freshUntil`. */
  begin(state: Conversation, channel: Channel, run: Run, freshUntil: number): void
  /** Looks up the outcome of a run whose process died. */
  lookUp(state: Conversation, channel: Channel, run: Run): void
  /** Whether this process has a live call for the run. */
  has(run: Run): boolean
  /** Called with every state that this process commits: ends calls that the conversation no longer waits for. */
  compare(state: Conversation): void
  /** Starts no more questions: other processes take them up, or the next start does. */
  drain(): void
  readonly isDraining: boolean
  /** How many of these channels have an open circuit. */
  openCircuits(channels: Iterable<Channel>): number
}

/**
 * This many stale attempts in a row fail the run: the process is suspended too often, or the assistant too slow to
 * connect.
 */
const MOST_STALE = 5
/** Calls of one process at a time; each takes about 100 KB and a socket. */
const MOST_RUNS = 1_000
const FULL_REST_MS = 250

export function createAsk(parts: {
  readonly assistant: AssistantClient
  readonly readAnswer: ReadAnswer
  readonly manners: Manners
  readonly voices: VoiceFetcher
  readonly store: Store
  readonly receive: Receive
  readonly log: Log
  readonly random: () => number
  readonly underWay: UnderWay
  readonly meter: Meter
  readonly timers: Timers
}): Ask {
  const { assistant, readAnswer, manners, store, receive, log, random, underWay, meter, timers } = parts
  const calls = new Map<ConversationId, RunningCall>()
  const circuits = createCircuitBreakers({ now: store.now, log })
  const runEndOf = createRunEndOf({ readAnswer, log })
  const transcriptFor = createTranscriptFor({ store, log })
  const findOut = createFindOut(parts)
  const hearVoices = createHearVoices(parts)
  const withSuggestions = createSuggestions(parts)
  const { beat, endUnwanted, stop } = createHeartbeat(parts)
  let isDraining = false

  async function carryOut(
    state: Conversation,
    channel: Channel,
    run: Run,
    work: (call: RunningCall) => Promise<AskOutcome>,
  ): Promise<void> {
    const { id } = state
    const { id: runId, startedAt, names } = run
    const call: RunningCall = {
      id,
      channel,
      runId,
      startedAt,
      names,
      stopper: new AbortController(),
      words: createRunWords(timers, () => void beat(id, channel, call)),
      isOver: false,
      isStopped: false,
      endListening: null,
    }
    calls.set(id, call)
    const stopBeating = timers.every(BEAT_MS, () => beat(id, channel, call))
    const outcome = await outcomeOf(call, work)
    const end = outcome.is === 'cancelled' ? outcome : runEndOf(outcome, channel)
    stopBeating()
    call.words.end()
    call.endListening?.()
    if (calls.get(id) === call) calls.delete(id)
    const ms = store.now() - run.startedAt
    meter.run(channel.id, end.is, ms)
    const facts = { conversation_id: id, run_id: run.id, messages: run.messages.length, outcome: end.is, ms }
    if (end.is === 'cancelled') {
      if (call.words.untold() !== null) await beat(id, channel, call)
      log.info(facts, 'call of the assistant ended: nobody waits for its answer any more')
      return
    }
    try {
      const event = { is: 'run_end', runId: run.id, end, said: saidBy(call, outcome), random: random() } as const
      const { verdict, state: after } = await persist(timers, () => receive(id, channel, event, null))
      call.isOver = after.asking.run?.startedAt !== startedAt
      if (end.is === 'unknown' && call.isOver) await stop(call)
      if (verdict.outcome === 'refused') log.info(facts, 'answer came too late: nobody waits for it any more')
      else if (end.is === 'answer') log.info(facts, 'assistant answered')
      else if (end.is === 'handoff') log.info(facts, 'assistant asked for a person')
      else log.warn({ ...facts, code: end.code }, 'assistant did not answer')
    } catch (error) {
      log.error({ ...facts, err: error }, 'could not record what the assistant answered')
    }
  }

  async function outcomeOf(call: RunningCall, work: (call: RunningCall) => Promise<AskOutcome>): Promise<AskOutcome> {
    const { id, channel, runId } = call
    try {
      const answered = await work(call)
      return channel.policy.suggested ? await withSuggestions(answered, channel, id, call.names) : answered
    } catch (error) {
      // The run must end here: otherwise it would end this process, and each that adopts it.
      log.error({ conversation_id: id, run_id: runId, err: error }, 'could not carry out a call of the assistant')
      return BROKEN
    }
  }

  /** The texts that the run streamed or returned; not needed when the router sends the answer. */
  function saidBy({ channel, words }: RunningCall, outcome: AskOutcome): readonly string[] {
    if (!channel.policy.assistantSends) return []
    return spokenTexts(outcome.is === 'answer' ? [...words.said, outcome.said.text] : words.said, readAnswer, channel)
  }

  /** Asks the question; a decision that is too old by then is first confirmed. */
  async function ask(
    state: Conversation,
    channel: Channel,
    run: Run,
    call: RunningCall,
    decidedUntil: number,
  ): Promise<AskOutcome> {
    const { signal } = call.stopper
    const isOff = (): boolean => signal.aborted || call.endListening !== null
    let isTakenUp = false
    const takeUp = (until: number): void => {
      if (isTakenUp || isOff() || store.now() > until) return
      isTakenUp = true
      manners.takeUp(channel, state.id)
    }
    const transcript = await transcriptFor(state, channel, run)
    const mustHear = channel.policy.voice === 'text'
    // To hear a voice message may take half a minute.
    if (mustHear) takeUp(decidedUntil)
    const heard = mustHear ? await hearVoices(state, channel, run, signal) : run.messages
    let question = questionOf(state, heard, channel, transcript)
    let freshUntil = decidedUntil
    for (let tries = 0; tries < MOST_STALE; tries++) {
      if (store.now() > freshUntil) {
        const renewed = await beat(question.id, channel, call)
        if (renewed?.verdict.outcome === 'refused') return CANCELLED
        if (renewed !== null) {
          // The customer may have edited or deleted messages while a voice message was heard.
          const messages = stillAsked(renewed.state.asking.run!)
          if (messages.length === 0) return TAKEN_BACK
          question = questionOf(renewed.state, messages, channel, transcript)
        }
        freshUntil = renewed?.freshUntil ?? 0
      }
      // A person took over while the history was read or a voice message heard.
      if (isOff()) return CANCELLED
      takeUp(freshUntil)
      const outcome = await askOnce(question, call, channel, freshUntil)
      if (outcome.is !== 'stale') return outcome
    }
    return STANDS_STILL
  }

  async function askOnce(
    question: AskedQuestion,
    call: RunningCall,
    channel: Channel,
    freshUntil: number,
  ): Promise<AskReply> {
    const settings = channel.assistant!
    const ended = circuits.began(channel, settings)
    const answering = assistant.ask(settings, question, {
      signal: call.stopper.signal,
      timeoutMs: channel.policy.difyTimeoutMs,
      freshUntil,
      ...(channel.policy.assistantSends ? { onSaid: call.words.hear } : {}),
      onNames(names) {
        call.names = names
        if (call.isOver || call.isStopped) void stop(call)
        else void beat(question.id, channel, call)
      },
    })
    let outcome: AskReply = BROKEN
    try {
      outcome = await answering
    } finally {
      ended(outcome)
    }
    return outcome.is === 'unknown' ? findOutOf(question, call, outcome) : outcome
  }

  function findOutOf(question: AskedQuestion, call: RunningCall, otherwise: AskOutcome): Promise<AskOutcome> {
    const { channel, startedAt, stopper } = call
    return findOut({ question, channel, startedAt, signal: stopper.signal, names: () => call.names }, otherwise)
  }

  return {
    readiness(channel) {
      const now = store.now()
      if (calls.size >= MOST_RUNS) return { assistantFreeAt: now + FULL_REST_MS, isAssistantDown: false }
      const assistantFreeAt = channel.assistant === null ? 0 : circuits.acquire(channel, channel.assistant)
      return { assistantFreeAt, isAssistantDown: true }
    },
    begin(state, channel, run, freshUntil) {
      underWay.add(carryOut(state, channel, run, (call) => ask(state, channel, run, call, freshUntil)))
    },
    lookUp(state, channel, run) {
      const lost: AskOutcome = { is: 'unknown', code: 'process_died' }
      manners.type(channel, state.id)
      const question = questionOf(state, run.messages, channel, null)
      underWay.add(carryOut(state, channel, run, (call) => findOutOf(question, call, lost)))
    },
    has: (run) => [...calls.values()].some(({ runId }) => runId === run.id),
    compare(state) {
      if (calls.size === 0) return
      const call = calls.get(state.id)
      if (call !== undefined) endUnwanted(state, call)
    },
    drain() {
      isDraining = true
    },
    get isDraining() {
      return isDraining
    },
    openCircuits: circuits.open,
  }
}
