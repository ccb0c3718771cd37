import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import {
  BAD_ATTACHMENT,
  type GraphRequest,
  NO_RECIPIENT,
  type PageSettings,
  refuse,
  type SendFault,
  TOO_FAST,
  TOO_LONG,
} from './graph-settings.js'
import { answerJson } from './listen.js'
import { pause } from './wait.js'

export interface Sending {
  readonly settings: PageSettings
  /** Called only for a valid message, so that invalid ones use up no fault. */
  readonly nextFault: () => SendFault
  /** When messages of this page were accepted, newest last. */
  readonly taken: number[]
  readonly now: () => number
  readonly signal: AbortSignal
  readonly delivered: (request: GraphRequest, mid: string) => void
  readonly echo: (request: GraphRequest, mid: string) => Promise<void>
}

interface SendBody {
  readonly message?: {
    readonly text?: string
    readonly attachment?: { readonly type?: string }
    readonly metadata?: string
  }
}

/** Handles one message, from its checks to its response. */
export async function takeMessage(request: GraphRequest, response: ServerResponse, sending: Sending): Promise<void> {
  const { settings, signal } = sending
  const { message } = (request.body ?? {}) as SendBody
  if (request.recipient === null || (request.text === null && message?.attachment === undefined)) {
    return refuse(request, response, NO_RECIPIENT)
  }
  if (isTooLong(request.text ?? '', settings.platform)) return refuse(request, response, TOO_LONG)
  if (settings.refuses.includes(message?.attachment?.type ?? '')) return refuse(request, response, BAD_ATTACHMENT)
  if (!hasRoom(sending)) return refuse(request, response, TOO_FAST)
  const fault = sending.nextFault()
  const mid = `m_${randomUUID()}`
  request.mid = mid
  request.isDelivered = fault.deliver ?? !(fault.error || fault.hang || fault.drop)
  if (request.isDelivered) sending.delivered(request, mid)
  const echo = async (): Promise<void> => {
    if (request.isDelivered && settings.echo !== 'none') await sending.echo(request, mid)
  }
  if (settings.echo === 'before') await echo()
  await pause(settings.answerDelayMs + (fault.delayMs ?? 0), signal)
  if (fault.drop) response.destroy()
  else if (fault.error) refuse(request, response, fault.error, fault.headers)
  else if (!fault.hang) {
    request.status = 200
    answerJson(response, 200, { recipient_id: request.recipient, message_id: mid }, fault.headers)
  }
  if (settings.echo === 'after') await echo()
}

/** Instagram counts bytes, Messenger characters. */
function isTooLong(text: string, platform: PageSettings['platform']): boolean {
  return platform === 'instagram' ? Buffer.byteLength(text) > 1000 : text.length > 2000
}

function hasRoom({ settings, taken, now }: Sending): boolean {
  const at = now()
  while (taken.length > 0 && taken[0]! <= at - 1000) taken.shift()
  if (settings.rate !== null && taken.length >= settings.rate) return false
  taken.push(at)
  return true
}
