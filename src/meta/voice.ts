import type { Dispatcher } from 'undici'
import type { FetchedVoice, VoiceFetcher } from '../engine/providers.js'
import { codeOf } from '../exchange.js'
import { Agent, request } from '../undici.js'
import { isPrivateHost, publicLookup } from './private-address.js'

/** Downloads voice messages from the URL in Meta's webhook. */

/** Some ten minutes of what the apps record; Dify takes 30 MB. */
const LARGEST = 10 * 1024 * 1024
/** For all voice messages together that are being downloaded or transcribed. */
const MOST_IN_HAND = 64 * 1024 * 1024
const MOST_REDIRECTS = 3

export interface VoiceParts {
  /** For the whole download, redirects included. */
  readonly timeoutMs?: number
  readonly mostInHand?: number
}

export function createVoiceFetcher({ timeoutMs = 10_000, mostInHand = MOST_IN_HAND }: VoiceParts = {}): VoiceFetcher {
  const open = new Agent({ connect: { lookup: publicLookup() } })
  const own = new Agent()
  let inHand = 0

  /**
   * A private address is allowed only where the channel's Graph API has one too, as in tests; after a redirect only at the
   * origin that redirected.
   */
  function agentFor(url: URL, first: URL | null, graphUrl: string): Agent | null {
    if (!isPrivateHost(url)) return open
    const isOwn = first === null ? isPrivateHost(new URL(graphUrl)) : url.origin === first.origin
    return isOwn ? own : null
  }

  async function follow(address: string, graphUrl: string, signal: AbortSignal): Promise<FetchedVoice> {
    let url = new URL(address)
    let first: URL | null = null
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const agent = agentFor(url, first, graphUrl)
      if (agent === null) return refused('private_address')
      const answer = await request(agent, url, { signal })
      if (answer.statusCode === 200) return read(answer)
      await answer.body.dump({ limit: 16_384, signal }).catch(ignore)
      const { location } = answer.headers
      if (![301, 302, 303, 307, 308].includes(answer.statusCode) || typeof location !== 'string') {
        return refused(`http_${answer.statusCode}`)
      }
      first ??= url
      if (!URL.canParse(location, url.href)) return refused('bad_redirect')
      url = new URL(location, url)
      if (url.protocol !== 'https:' && url.protocol !== first.protocol) return refused('bad_redirect')
    }
    return refused('too_many_redirects')
  }

  async function read({ headers, body }: Dispatcher.ResponseData): Promise<FetchedVoice> {
    if (Number(headers['content-length'] ?? 0) > LARGEST) return giveUp(body, 'too_large')
    const chunks: Buffer[] = []
    let size = 0
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        size += chunk.length
        inHand += chunk.length
        if (size > LARGEST) return giveUp(body, 'too_large')
        if (inHand > mostInHand) return giveUp(body, 'busy')
        chunks.push(chunk)
      }
    } finally {
      inHand -= size
    }
    const whole = Buffer.concat(chunks)
    const type = audioTypeOf(whole, String(headers['content-type'] ?? ''))
    return type === null ? refused('not_audio') : { is: 'fetched', voice: { body: whole, type } }
  }

  return {
    async fetch({ graphUrl }, url, signal) {
      if (signal.aborted) return refused('cancelled')
      // Not AbortSignal.any: Node.js 20 forgets a time limit that only such a signal refers to.
      const fetching = new AbortController()
      const abort = (): void => fetching.abort()
      const timer = setTimeout(abort, timeoutMs)
      signal.addEventListener('abort', abort)
      const whyNot = (error: Error): string => {
        if (signal.aborted) return 'cancelled'
        return fetching.signal.aborted ? 'timeout' : codeOf(error)
      }
      const fetched = await follow(url, graphUrl, fetching.signal).catch((error) => refused(whyNot(error)))
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      return fetched
    },
    async close() {
      await Promise.all([open.destroy(), own.destroy()])
    },
  }
}

function giveUp(body: Dispatcher.ResponseData['body'], code: string): FetchedVoice {
  body.on('error', ignore).destroy()
  return refused(code)
}

function refused(code: string): FetchedVoice {
  return { is: 'refused', code }
}

/** The first bytes of the apps' recordings and of the usual formats. */
const BEGINNINGS: readonly (readonly [at: number, text: string, type: string])[] = [
  [4, 'ftyp', 'audio/mp4'],
  [0, 'ID3', 'audio/mpeg'],
  [0, 'RIFF', 'audio/wav'],
  [0, '#!AMR', 'audio/amr'],
  [0, '\x1a\x45\xdf\xa3', 'audio/webm'],
  [0, 'OggS', 'audio/ogg'],
]

/** By its first bytes, else by the declared type; null if it is no audio. */
function audioTypeOf(body: Buffer, declared: string): string | null {
  const begins = body.toString('latin1', 0, 64)
  const known = BEGINNINGS.find(([at, text]) => begins.startsWith(text, at))
  if (known !== undefined) return known[2]
  if (body.length === 0 || /^\s*[<{]/.test(begins)) return null
  const [type = ''] = declared.toLowerCase().split(';')
  if (/^video\/(mp4|webm|mpeg)\s*$/.test(type)) return type.trim().replace('video', 'audio')
  return /^audio\/[\w.+-]+\s*$/.test(type) ? type.trim() : null
}

function ignore(): void {}
