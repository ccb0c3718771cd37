import type { Assistant, Channel } from '../conversation/channel.js'
import type { Wake as WakeEvent } from '../conversation/event.js'
import { type ConversationId, userOf } from '../conversation/ids.js'
import { type AskedQuestion, questionOf } from '../conversation/question/question.js'
import { transcriptOf } from '../conversation/question/transcript.js'
import type { Conversation, Run, RunNames } from '../conversation/state/state.js'
import { isOneOf } from '../conversation/text/words.js'
import type { ChannelHealth } from './channel-health.js'
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.js'
import { persist } from './persist.js'
import type { Log, Meter, Receive, Store } from './ports.js'
import type { AskOutcome, AssistantClient, Sender } from './providers.js'
import { sleep, type Timers } from './timers.js'
import type { UnderWay } from './under-way.js'

/** The calls of the assistant that this process has under way. */
export interface Ask {
  /** When a question of the channel may be asked, and whether that is because its assistant does not work. */
  readiness(channel: Channel): Pick<WakeEvent, 'assistantFreeAt' | 'isAssistantDown'>
  /** Asks what the run is for. */
  begin(state: Conversation, channel: Channel, run: Run): void
  /** Finds out what became of a run whose process died. */
  lookUp(state: Conversation, channel: Channel, run: Run): void
  /** Whether the run is this process' own, and alive. */
  has(run: Run): boolean
  /** Told of every state that this process commits: a call that the conversation no longer waits for is ended. */
  compare(state: Conversation): void
  /** From now on no question is begun: others take them up, or the next start does. */
  drain(): void
  readonly isDraining: boolean
  /** How many channels' assistants are known not to work. */
  readonly openCircuits: number
}

/** A third of the lease: two may be lost. */
const BEAT_MS = 2_500
const LOOK_EVERY_MS = 2_000
/** What one process has in its hands at a time; a run takes some 100 KB and a socket. */
const MOST_RUNS = 1_000
const FULL_REST_MS = 250
/** The newest messages of a takeover; more than an assistant needs to know how things stand. */
const MOST_IN_TRANSCRIPT = 100

interface Call {
  readonly runId: string
  readonly startedAt: number
  readonly stopper: AbortController
  names: RunNames
}

export function createAsk(parts: {
  readonly assistant: AssistantClient
  readonly sender: Sender
  readonly store: Store
  readonly health: ChannelHealth
  readonly receive: Receive
  readonly log: Log
  readonly random: () => number
  readonly underWay: UnderWay
  readonly meter: Meter
  readonly timers: Timers
}): Ask {
  const { assistant, sender, store, health, receive, log, random, underWay, meter, timers } = parts
  const calls = new Map<ConversationId, Call>()
  /**
   * One for each channel: its app may hang while its neighbours' on the same Dify are well. Where the settings name
   * another app, nothing is known of it yet.
   */
  const circuits = new Map<string, CircuitBreaker>()
  let isDraining = false

  function circuitOf(channel: Channel, { url, key }: Assistant): CircuitBreaker {
    const name = `${channel.id} ${url} ${key}`
    let circuit = circuits.get(name)
    if (circuit === undefined) {
      circuit = createCircuitBreaker()
      circuits.set(name, circuit)
    }
    return circuit
  }

  async function carryOut(
    state: Conversation,
    channel: Channel,
    run: Run,
    work: (question: AskedQuestion, call: Call) => Promise<AskOutcome>,
  ): Promise<void> {
    const { id } = state
    const { id: runId, startedAt, names } = run
    const call: Call = { runId, startedAt, names, stopper: new AbortController() }
    calls.set(id, call)
    const stopBeating = timers.every(BEAT_MS, () => beat(id, channel, call))
    const transcript = await transcriptFor(state, channel, run)
    const outcome = withWords(await work(questionOf(state, run.messages, channel, transcript), call), channel)
    stopBeating()
    if (calls.get(id) === call) calls.delete(id)
    const ms = store.now() - run.startedAt
    meter.run(outcome.is, ms)
    const facts = { conversation_id: id, run_id: run.id, messages: run.messages.length, outcome: outcome.is, ms }
    if (outcome.is === 'cancelled') {
      log.info(facts, 'call of the assistant ended: nobody waits for its answer any more')
      return
    }
    try {
      const event = { is: 'run_end', runId: run.id, end: outcome, random: random() } as const
      const { verdict } = await persist(timers, () => receive(id, channel, event, null))
      if (verdict.outcome === 'refused') log.info(facts, 'answer came too late: nobody waits for it any more')
      else if (outcome.is === 'answer') log.info(facts, 'assistant answered')
      else log.warn({ ...facts, code: outcome.code }, 'assistant did not answer')
    } catch (error) {
      log.error({ ...facts, err: error }, 'could not record what the assistant answered')
    }
  }

  /** What was said while a person had the conversation, where the assistant has not heard it yet. */
  async function transcriptFor(state: Conversation, channel: Channel, run: Run): Promise<string | null> {
    const { humanTranscript, historyTtlMs, resumeWords } = channel.policy
    if (!humanTranscript) return null
    const page = { before: run.messages[0]!.seq, after: null, limit: MOST_IN_TRANSCRIPT, historyTtlMs }
    try {
      const messages = await store.history(state.id, page)
      const unheard = messages.filter(({ seq }) => seq > state.asking.answeredUpTo)
      if (!unheard.some(({ type }) => type === 'support')) return null
      return transcriptOf(unheard.filter(({ text }) => !isOneOf(text, resumeWords))) || null
    } catch (error) {
      log.warn({ conversation_id: state.id, reason: String(error) }, 'asking without the transcript of the takeover')
      return null
    }
  }

  /** Tells the others that the run is alive, and finds out whether it is still wanted. */
  function beat(id: ConversationId, channel: Channel, call: Call): void {
    const event = { is: 'run_beat', runId: call.runId, names: call.names } as const
    Promise.resolve()
      .then(() => receive(id, channel, event, null))
      .then(
        (received) => endUnwanted(received.state, call),
        // The next beat tries again; and without one the run is taken up by another process.
        () => {},
      )
  }

  function maySend(channel: Channel): boolean {
    return channel.token !== null && health.refusal(channel) === null && health.restsUntil(channel) <= store.now()
  }

  async function ask(question: AskedQuestion, call: Call, channel: Channel, run: Run): Promise<AskOutcome> {
    const settings = channel.assistant!
    const circuit = circuitOf(channel, settings)
    circuit.began()
    const answering = assistant.ask(settings, question, {
      signal: call.stopper.signal,
      timeoutMs: channel.policy.difyTimeoutMs,
      onNames(names) {
        call.names = names
        beat(question.id, channel, call)
      },
    })
    if (settings.replies === 'router' && maySend(channel)) sender.typing(channel, userOf(question.id))
    const outcome = await answering
    const wasOpen = circuit.isOpen()
    circuit.ended(outcome.is === 'cancelled' ? null : !isDown(outcome), store.now())
    if (wasOpen !== circuit.isOpen()) {
      if (wasOpen) log.info({ channel: channel.id }, 'Dify answers again')
      else
        log.error(
          { channel: channel.id },
          'Dify does not work: questions wait, one at a time finds out whether it does',
        )
    }
    return outcome.is === 'unknown' ? findOut(question, call, channel, run, outcome) : outcome
  }

  /** The run may go on without us: what it comes to is known to Dify alone. */
  async function findOut(
    question: AskedQuestion,
    call: Call,
    channel: Channel,
    run: Run,
    otherwise: AskOutcome,
  ): Promise<AskOutcome> {
    const { signal } = call.stopper
    const settings = channel.assistant
    // Taken out of the settings since the question was asked.
    if (settings === null) return otherwise
    for (;;) {
      const found = await assistant.lookUp(settings, question, call.names, run.startedAt)
      if (signal.aborted) {
        await assistant.stop(settings, question.id, call.names)
        return { is: 'cancelled' }
      }
      if (found === null) return otherwise
      if (found.is !== 'unknown') return found
      if (store.now() >= run.startedAt + channel.policy.difyTimeoutMs) return found
      await sleep(timers, LOOK_EVERY_MS, signal)
    }
  }

  return {
    readiness(channel) {
      const now = store.now()
      if (calls.size >= MOST_RUNS) return { assistantFreeAt: now + FULL_REST_MS, isAssistantDown: false }
      const assistantFreeAt = channel.assistant === null ? 0 : circuitOf(channel, channel.assistant).acquire(now)
      return { assistantFreeAt, isAssistantDown: true }
    },
    begin(state, channel, run) {
      underWay.add(carryOut(state, channel, run, (question, call) => ask(question, call, channel, run)))
    },
    lookUp(state, channel, run) {
      const lost: AskOutcome = { is: 'unknown', code: 'process_died' }
      underWay.add(carryOut(state, channel, run, (question, call) => findOut(question, call, channel, run, lost)))
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
    get openCircuits() {
      return [...circuits.values()].filter((circuit) => circuit.isOpen()).length
    },
  }
}

/** A run that another process took up, thinking us dead, goes on at Dify, where that one looks for its answer. */
function endUnwanted(state: Conversation, call: Call): void {
  if (state.asking.run?.startedAt !== call.startedAt) call.stopper.abort()
}

/** An answer that says nothing is none, except where the assistant speaks for itself. */
function withWords(outcome: AskOutcome, { policy }: Channel): AskOutcome {
  const isEmpty = outcome.is === 'answer' && !policy.assistantSends && outcome.text.trim() === ''
  return isEmpty ? { is: 'failed', code: 'empty', isWorthRetry: false } : outcome
}

function isDown(outcome: AskOutcome): boolean {
  return outcome.is === 'unknown' || (outcome.is === 'not_started' && outcome.isDown)
}
