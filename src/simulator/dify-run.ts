import { closingOf, errorOf, fileEventsOf, openingOf, pieceOf, piecesOf, replacementOf } from './dify-events.js'
import { mark, sendAnswer } from './dify-nodes.js'
import type { Output } from './dify-output.js'
import type { DifyApp, DifyCall, DifyFault } from './dify-settings.js'
import { pause, untilAborted } from './wait.js'

export interface Run {
  readonly app: DifyApp
  readonly call: DifyCall
  readonly fault: DifyFault
  readonly output: Output
  /** Aborted when the run is stopped, or the server closed. */
  readonly signal: AbortSignal
}

/** Frequent enough for a test, without a busy loop. */
const PING_MS = 10

/** The size of the events of a huge answer. */
const HUGE_PIECE = 65_536

const BY_ITSELF = { status: 400, code: 'invalid_param', message: 'The model is overloaded.' }

/** Plays one run from its start to its end, whether or not the client is connected. */
export async function play(run: Run): Promise<void> {
  const { app, call, fault, output, signal } = run
  try {
    call.status = await answer(run)
  } catch (error) {
    if (!signal.aborted) throw error
    call.status = 'stopped'
  }
  // Its process died: no further event follows.
  if (call.status === 'running') return
  call.endedAt = Date.now()
  const isOddError = call.status === 'failed' && fault.errorEvent !== undefined
  for (const event of isOddError ? [errorOf(call)] : closingOf(app, call)) await output.event(event)
  output.end()
}

async function answer(run: Run): Promise<DifyCall['status']> {
  const { app, call, fault, output, signal } = run
  await pause(fault.delayMs ?? 0, signal)
  const pinging = fault.pingsOnly ? setInterval(output.ping, PING_MS) : undefined
  if (fault.hang || fault.pingsOnly) await untilAborted(signal).finally(() => clearInterval(pinging))
  for (const event of openingOf(app, call)) await output.event(event)
  const marked = app.marks === null ? 'goes on' : await mark(call, app.marks, signal)
  if (marked === 'failed') return 'failed'
  if (marked !== 'silent') for (const event of fileEventsOf(app, call)) await output.event(event)
  const pieces = marked === 'silent' ? [] : answerOf(run)
  const endsAt = Math.min(fault.afterChunks ?? 0, pieces.length)
  const cutAt = Math.min(fault.cutAfterChunks ?? Number.POSITIVE_INFINITY, pieces.length)
  for (let done = 0; done <= pieces.length; done += 1) {
    if (fault.cutAfterChunks !== undefined && done === cutAt) {
      call.cutAt = Date.now()
      output.cut()
      if (!fault.finishAnyway) return 'running'
    }
    if (done === fault.hangAfterChunks) await untilAborted(signal)
    const early = done === endsAt ? earlyEnd(call, fault) : null
    if (early !== null) return early
    if (done < pieces.length) await tell(run, pieces[done]!)
  }
  if (fault.replaceWith !== undefined) {
    call.answer = fault.replaceWith
    await output.event(replacementOf(call))
  }
  const sent = app.sends === null ? 'goes on' : await sendAnswer(call, app.sends, signal)
  return sent === 'failed' ? 'failed' : 'succeeded'
}

async function tell({ app, call, fault, output, signal }: Run, text: string): Promise<void> {
  for (let pings = 0; pings < app.pings; pings += 1) await output.ping()
  await pause(fault.chunkDelayMs ?? 0, signal)
  const event = pieceOf(app, call, text)
  await (fault.invalidUtf8 ? output.brokenEvent(event) : output.event(event))
  call.answer += text
}

function earlyEnd(call: DifyCall, { errorEvent, failed, paused }: DifyFault): DifyCall['status'] | null {
  if (errorEvent === undefined && !failed) return paused ? 'paused' : null
  call.error = errorEvent ?? BY_ITSELF
  return 'failed'
}

function answerOf({ app, call, fault }: Run): readonly string[] {
  if (fault.empty) return []
  const { huge } = fault
  if (huge === undefined) {
    return piecesOf(
      app.answer.replaceAll('{query}', () => call.query),
      app.chunks,
    )
  }
  const count = Math.ceil(huge / HUGE_PIECE)
  return Array.from({ length: count }, (_, index) => 'x'.repeat(Math.min(HUGE_PIECE, huge - index * HUGE_PIECE)))
}
