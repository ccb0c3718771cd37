import t from 'tap'
import type { Attachment, Message } from '../../src/conversation/state/message.js'
import { RouterError } from '../../src/engine/ports.js'
import type { FetchedVoice, Heard } from '../../src/engine/providers.js'
import { REAL_TIMERS } from '../../src/engine/timers.js'
import { createHearVoices } from '../../src/engine/voices.js'
import { channelWith } from '../fixtures/channel.js'
import { conversation, message, run, START } from '../fixtures/conversation.js'

const ASSISTANT = { url: 'https://dify.example', key: 'k', app: 'chat', replies: 'router', inputs: {} } as const
const voice = (name: string): Attachment => ({ kind: 'voice', url: `https://cdn.example/${name}`, title: null })

function play(
  messages: readonly Message[],
  given: {
    readonly fetch?: (url: string) => FetchedVoice
    readonly hear?: (words: string) => Heard
    readonly isStoreAway?: boolean
    readonly assistant?: null
    readonly abort?: AbortController
  } = {},
) {
  const told: unknown[] = []
  const lines: object[] = []
  const note = (facts: object): void => void lines.push(facts)
  const hearVoices = createHearVoices({
    voices: {
      async fetch(_channel, url) {
        told.push(`fetch ${url}`)
        return given.fetch?.(url) ?? { is: 'fetched', voice: { body: Buffer.from(url), type: 'audio/mp4' } }
      },
    },
    assistant: {
      async hear(_assistant, user, { body }) {
        told.push(`hear ${user} ${body}`)
        return given.hear?.(String(body)) ?? { is: 'heard', text: `words of ${String(body).at(-1)}` }
      },
    },
    receive: ((_id: string, _channel: object, event: { readonly seq: number; readonly text: string }) => {
      if (given.isStoreAway) throw new RouterError('conflict', 'no')
      told.push(`record ${event.seq} ${event.text}`)
      return { verdict: {} }
    }) as never,
    log: { debug: note, info: note, warn: note, error: note },
    timers: REAL_TIMERS,
  })
  const channel = {
    ...channelWith({ voice: 'text' }),
    assistant: given.assistant === null ? null : ASSISTANT,
  }
  const { signal } = given.abort ?? new AbortController()
  return { told, lines, messages: hearVoices(conversation(), channel, run({ messages }), signal) }
}

t.test('voice messages are asked in their words, which are kept', async (t) => {
  const { told, messages } = play([
    message({ seq: 1, text: 'hello' }),
    message({ seq: 2, text: null, kind: 'voice', attachments: [voice('a'), voice('b')] }),
    message({ seq: 3, text: null, kind: 'voice', attachments: [voice('c')], transcription: 'known' }),
    message({ seq: 4, text: null, kind: 'voice', attachments: [voice('d')], deletedAt: START }),
    message({ seq: 5, text: null, kind: 'voice', attachments: [{ ...voice('e'), url: null }] }),
  ])
  t.strictSame(
    (await messages).map(({ outcome }) => outcome.transcription),
    [null, 'words of a\nwords of b', 'known', null, null],
  )
  t.strictSame(told, [
    ...['fetch https://cdn.example/a', 'fetch https://cdn.example/b'],
    ...['hear 1-2 https://cdn.example/a', 'hear 1-2 https://cdn.example/b'],
    'record 2 words of a\nwords of b',
  ])
})

t.test('what cannot be fetched, heard or recorded is asked as a file, and the log says why', async (t) => {
  const spoken = [message({ seq: 7, text: null, kind: 'voice', attachments: [voice('a'), voice('b')] })]
  for (const [given, code] of [
    [{ fetch: () => ({ is: 'refused', code: 'too_large' }) }, 'too_large'],
    [{ hear: (words: string) => ({ is: 'refused', code: words.at(-1) }) }, 'a'],
    [{ assistant: null }, 'cancelled'],
  ] as const) {
    const { told, lines, messages } = play(spoken, given as never)
    t.strictSame(await messages, spoken)
    t.hasStrict(lines, [{ seq: 7, code }])
    t.notOk(told.some((each) => String(each).startsWith('record')))
  }
  const away = play(spoken, { isStoreAway: true })
  t.strictSame(await away.messages, spoken)
  t.hasStrict(away.lines, [{ seq: 7 }])
})

t.test('a person who takes over ends it without a word', async (t) => {
  const abort = new AbortController()
  const spoken = [message({ text: null, kind: 'voice', attachments: [voice('a')] })]
  const { told, lines, messages } = play(spoken, {
    abort,
    fetch(url) {
      abort.abort()
      return { is: 'fetched', voice: { body: Buffer.from(url), type: 'audio/mp4' } }
    },
  })
  t.strictSame(await messages, spoken)
  t.strictSame(told, ['fetch https://cdn.example/a'])
  t.strictSame(lines, [])
})
