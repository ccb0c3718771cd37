import t from 'tap'
import { messagesIn, threadsIn } from '../../src/meta/thread.js'

const TIME = '2026-11-30T06:00:00+0000'
const AT = Date.UTC(2026, 10, 30, 6)
const CHANNEL = { id: '17', sendAs: '100', platform: 'instagram' } as const
const THREAD = { id: 't1', userId: '2', updatedAt: AT }
const people = (...ids: readonly unknown[]) => ({ data: ids.map((id) => ({ id })) })
const row = (changes: object = {}) => ({ id: 't1', updated_time: TIME, participants: people('2', '17'), ...changes })
const message = (changes: object = {}) => ({
  id: 'm1',
  created_time: TIME,
  from: { id: '2' },
  message: 'hi',
  ...changes,
})
const read = (messages: readonly unknown[], channel: Parameters<typeof messagesIn>[2] = CHANNEL) =>
  messagesIn({ data: [{ id: 't1', messages: { data: messages } }] }, THREAD, channel)
const content = (changes: object, channel?: Parameters<typeof messagesIn>[2]) => read([message(changes)], channel)[0]

t.test('a page has its threads and the cursor of the next one', async (t) => {
  const paging = { cursors: { before: 'a', after: 'b' }, next: 'https://elsewhere.example/?access_token=secret' }
  t.same(threadsIn({ data: [row()], paging }, CHANNEL), { threads: [THREAD], odd: 0, after: 'b' })
  t.same(threadsIn({ data: [row()], paging: { cursors: { after: 'b' } } }, CHANNEL).after, null)
  t.same(threadsIn({ data: 'x' }, CHANNEL), { threads: [], odd: 0, after: null })
})

for (const [what, odd] of [
  ['without an id', row({ id: 7.5 })],
  ['without a time', row({ updated_time: 'yesterday' })],
  ['of ours alone', row({ participants: people('17', '100') })],
  ['of strangers alone', row({ participants: people('2', '3') })],
  ['of two customers', row({ participants: people('2', '3', '17') })],
  ['with one participant', row({ participants: people('2') })],
  ['without participants', row({ participants: null })],
  ['with odd participants', row({ participants: people({}, '17') })],
  ['with an id that is none', row({ participants: people('../me', '17') })],
] as const) {
  t.test(`a thread ${what} is left out and counted`, async (t) => {
    t.match(threadsIn({ data: [odd, row({ id: 't2' })] }, CHANNEL), { threads: [{ id: 't2' }], odd: 1 })
  })
}

t.test('the customer is the participant that is not ours, by whichever id we are called', async (t) => {
  t.match(threadsIn({ data: [row({ participants: people('100', '2') })] }, CHANNEL).threads, [{ userId: '2' }])
  t.match(threadsIn({ data: [row({ participants: [{ id: '17' }, { id: '2' }] })] }, CHANNEL).threads, [{ userId: '2' }])
})

t.test('messages come oldest first, those of one second as Meta has them', async (t) => {
  const later = { id: 'm3', created_time: '2026-11-30T06:00:01+0000' }
  const messages = read([message(later), message({ id: 'm2', from: { id: '17' } }), message()])
  t.match(messages, [
    { mid: 'm1', at: AT, isOurs: false, kind: 'text', text: 'hi', supported: true },
    { mid: 'm2', at: AT, isOurs: true },
    { mid: 'm3', at: AT + 1000, isOurs: false },
  ])
  t.match(content({ from: { id: '100' } }), { isOurs: true }, 'also under the id by which we send')
  t.match(content({ created_time: AT / 1000 }), { at: AT })
  t.equal(read(Array.from({ length: 30 }, (_, i) => message({ id: `m${i}` }))).length, 20)
})

t.test('an odd message is left out, its neighbours stay', async (t) => {
  const odd = [null, 'x', {}, message({ id: '' }), message({ created_time: null }), message({ from: null })]
  const stranger = message({ from: { id: '9' } })
  t.match(read([...odd, stranger, message({ id: 'good' })]), [{ mid: 'good' }])
  t.equal(read([...odd, stranger, message()]).length, 1)
})

t.test('another thread in the answer is not this one', async (t) => {
  t.same(messagesIn({ data: [{ id: 't9', messages: { data: [message()] } }] }, THREAD, CHANNEL), [])
  t.same(messagesIn({ data: [{ id: 't1' }] }, THREAD, CHANNEL), [])
})

const url = 'https://cdn.example/1'
const files = (...data: readonly object[]) => ({ message: '', attachments: { data } })

for (const [what, changes, expected] of [
  ['a picture', files({ mime_type: 'image/jpeg', image_data: { url } }), { kind: 'image', attachments: [{ url }] }],
  ['a sticker', files({ image_data: { url, render_as_sticker: true } }), { kind: 'sticker' }],
  ['a sticker in its own field', { message: '', sticker: url }, { kind: 'sticker', attachments: [{ url }] }],
  ['a video', files({ mime_type: 'video/mp4', video_data: { url } }), { kind: 'video' }],
  ['a voice message', files({ mime_type: 'audio/mp4', file_url: url }), { kind: 'voice', attachments: [{ url }] }],
  ['a file', files({ mime_type: 'application/pdf', file_url: url }), { kind: 'file' }],
  ['a file of no kind', files({ file_url: url }), { kind: 'file' }],
  ['a template', files({ generic_template: {} }), { kind: 'template' }],
  [
    'a shared post',
    { message: '', shares: { data: [{ link: url, name: 'Red shoes', description: 'Now 5' }] } },
    { kind: 'share', attachments: [{ kind: 'share', url, title: 'Red shoes\nNow 5' }] },
  ],
  ['a story’s mention', { message: '', story: { mention: { link: url } } }, { kind: 'story', storyMention: true }],
  [
    'a reply to a story',
    { message: 'nice', story: { reply_to: { link: url } } },
    { kind: 'text', text: 'nice', attachments: [{ kind: 'story', url }] },
  ],
  ['something that Meta does not show', { message: '', is_unsupported: true }, { kind: 'other', supported: false }],
  ['nothing', { message: '' }, { kind: 'other', text: null, supported: false }],
] as const) {
  t.test(`${what} is what its webhook would have brought`, async (t) => {
    t.match(content(changes), expected)
  })
}

t.test('on Messenger the preview of a link is no post', async (t) => {
  const link = { message: `look ${url}`, shares: { data: [{ link: url }] } }
  t.match(content(link, { ...CHANNEL, platform: 'facebook' }), { kind: 'text', attachments: [{ kind: 'share', url }] })
})
