import t from 'tap'
import type { Assistant } from '../../src/conversation/channel.js'
import { createHear } from '../../src/dify/hear.js'

const DIFY: Assistant = { url: 'https://dify.example/v1', key: 'k', app: 'chat', replies: 'router', inputs: {} }
const VOICE = { body: Buffer.from([1, 2, 3, 0xff]), type: 'audio/mp4' }

t.test('a voice goes to Dify as a file of its type, with the customer’s name', async (t) => {
  for (const [type, name] of [
    ['audio/mp4', 'voice.mp4'],
    ['audio/mpeg', 'voice.mp3'],
    ['audio/amr', 'voice.amr'],
  ] as const) {
    let form: FormData | null = null
    const hear = createHear(async (_assistant, { method, path, body }, timeoutMs) => {
      t.strictSame([method, path, timeoutMs], ['POST', '/audio-to-text', 7])
      const { type, bytes } = body as { readonly type: string; readonly bytes: Buffer }
      form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
      return { status: 200, body: { text: ' how much? \n' } }
    }, 7)
    t.strictSame(await hear(DIFY, '1-2', { ...VOICE, type }), { is: 'heard', text: 'how much?' })
    const file = form!.get('file') as File
    t.strictSame([form!.get('user'), file.name, file.type], ['1-2', name, type])
    t.strictSame(Buffer.from(await file.arrayBuffer()), VOICE.body)
  }
})

t.test('what Dify refuses or cannot hear is told with its code', async (t) => {
  for (const [answer, code] of [
    [null, 'no_answer'],
    [{ status: 400, body: { code: 'provider_not_support_speech_to_text' } }, 'provider_not_support_speech_to_text'],
    [{ status: 413, body: null }, 'http_413'],
    [{ status: 502, body: null }, 'http_502'],
    [{ status: 200, body: null }, 'empty'],
    [{ status: 200, body: { text: '  ' } }, 'empty'],
    [{ status: 200, body: { text: 7 } }, 'empty'],
  ] as const) {
    t.strictSame(await createHear(async () => answer, 1)(DIFY, '1-2', VOICE), { is: 'refused', code })
  }
  const long = await createHear(async () => ({ status: 200, body: { text: 'x'.repeat(30_000) } }), 1)(
    DIFY,
    '1-2',
    VOICE,
  )
  t.equal(long.is === 'heard' && long.text.length, 20_000)
})
