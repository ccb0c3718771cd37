import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { blockingOf, type DifyEvent } from './dify-events.js'
import type { DifyApp, DifyCall } from './dify-settings.js'
import { answerJson } from './listen.js'

/** The output of a run's events. Writing to a client that has gone is no failure. */
export interface Output {
  event(event: DifyEvent): Promise<void>
  /** The same event with invalid UTF-8 in it. */
  brokenEvent(event: DifyEvent): Promise<void>
  ping(): Promise<void>
  cut(): void
  end(): void
}

/** Larger writes would be split into packets anyway. */
const LARGEST_SPLIT = 8192

export function streamTo(response: ServerResponse, app: DifyApp): Output {
  const write = async (bytes: Buffer): Promise<void> => {
    if (response.destroyed) return
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (!response.write(bytes)) await roomIn(response)
  }
  const writeSplit = async (bytes: Buffer): Promise<void> => {
    if (!app.split || bytes.length > LARGEST_SPLIT) return write(bytes)
    const at = middleOf(bytes)
    await write(bytes.subarray(0, at))
    // Waits, so that the first half is read separately.
    await turn()
    await turn()
    await write(bytes.subarray(at))
  }
  const event = (event: DifyEvent): Promise<void> => writeSplit(Buffer.from(`data: ${JSON.stringify(event)}\n\n`))
  return {
    event,
    brokenEvent(event) {
      const bytes = Buffer.from(`data: ${JSON.stringify(event)}\n\n`)
      // Before the closing quote of the last text.
      const at = bytes.lastIndexOf('"')
      return write(Buffer.concat([bytes.subarray(0, at), Buffer.from([0xc3, 0x28, 0xff]), bytes.subarray(at)]))
    },
    ping: () => write(Buffer.from('event: ping\n\n')),
    cut: () => void response.destroy(),
    end: () => void response.end(),
  }
}

/** Blocking mode: writes everything at the end. */
export function blockTo(response: ServerResponse, app: DifyApp, call: DifyCall): Output {
  const nothing = async (): Promise<void> => {}
  return {
    event: nothing,
    brokenEvent: nothing,
    ping: nothing,
    cut: () => void response.destroy(),
    end() {
      // A failed workflow reports its failure in a normal answer.
      if (call.error === null || app.kind === 'workflow') answerJson(response, 200, blockingOf(app, call))
      else answerJson(response, call.error.status, call.error)
    },
  }
}

function roomIn(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}

/** The position within the first multi-byte character, else the middle. */
function middleOf(bytes: Buffer): number {
  const first = bytes.findIndex((byte) => byte >= 0x80)
  return first === -1 ? bytes.length >> 1 : first + 1
}
