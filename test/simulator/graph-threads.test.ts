import t, { type Test } from 'tap'
import { startPretendGraph } from '../../src/simulator/graph.js'
import { understood } from '../../src/simulator/graph-request.js'
import { PAGE_DEFAULTS } from '../../src/simulator/graph-settings.js'
import { createThreads } from '../../src/simulator/graph-threads.js'

const PLAIN = { at: 0, method: 'GET', headers: {}, body: null }
const NOON = Date.UTC(2026, 10, 30, 12)
const ALL = 'id,updated_time,participants,messages{id,created_time,from,to,message,attachments,shares}'

async function started(t: Test) {
  const graph = await startPretendGraph({ pages: { 1001: {}, 1002: { echoAs: '17' } } })
  t.teardown(graph.close)
  const write = (user: string, timestamp: number, more: object = {}) =>
    graph.write({ page: '1001', user, text: 'hi', timestamp, lost: true, ...more })
  const call = async (path: string) => {
    const response = await fetch(`${graph.url}/v26.0/${path}`, { headers: { authorization: 'Bearer any' } })
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
  return { graph, write, call, list: async (query: string) => (await call(`1001/conversations?${query}`)).body }
}

t.test('what was written is in the conversation, also without its webhook', async (t) => {
  const { write, list } = await started(t)
  t.match(await write('2', NOON, { mid: 'm_1' }), { status: 0, body: 'lost' })
  await write('2', NOON + 1_999, { echo: true, mid: 'm_2', text: undefined, share: 'https://x/p/1' })
  t.same(await list(`fields=${ALL}`), {
    data: [
      {
        id: 't_1001_2',
        updated_time: '2026-11-30T12:00:01+0000',
        participants: { data: [{ id: '2' }, { id: '1001' }] },
        messages: {
          data: [
            {
              id: 'm_2',
              created_time: '2026-11-30T12:00:01+0000',
              from: { id: '1001' },
              to: { data: [{ id: '2' }] },
              message: '',
              shares: { data: [{ link: 'https://x/p/1' }] },
            },
            {
              id: 'm_1',
              created_time: '2026-11-30T12:00:00+0000',
              from: { id: '2' },
              to: { data: [{ id: '1001' }] },
              message: 'hi',
            },
          ],
        },
      },
    ],
    paging: { cursors: { before: '0', after: '1' } },
  })
  t.same(Object.keys((await list('')).data[0]), ['id', 'updated_time'])
  t.match(await list('fields=messages'), { data: [{ messages: { data: [{ id: 'm_2' }, { id: 'm_1' }] } }] })
})

t.test('files have the fields of their kind', async (t) => {
  const { write, list } = await started(t)
  const file = (type: string) => ({ type, payload: { url: `https://x/${type}` } })
  await write('2', NOON, { attachments: [file('image'), file('video'), file('audio'), file('file'), {}, 'odd'] })
  const [thread] = (await list('fields=messages{attachments}')).data
  t.same(thread.messages.data[0].attachments.data, [
    { mime_type: 'image/jpeg', image_data: { url: 'https://x/image' } },
    { mime_type: 'video/mp4', video_data: { url: 'https://x/video' } },
    { mime_type: 'audio/mpeg', file_url: 'https://x/audio' },
    { mime_type: 'application/pdf', file_url: 'https://x/file' },
  ])
})

t.test('conversations come in pages, newest first, and one by its customer', async (t) => {
  const { write, list } = await started(t)
  for (const user of ['2', '3', '4']) await write(user, NOON + Number(user))
  await write('2', NOON - 1)
  const first = await list('limit=2')
  t.match(first, { data: [{ id: 't_1001_4' }, { id: 't_1001_3' }], paging: { cursors: { after: '2' }, next: /^http/ } })
  t.same((await list('limit=2&after=2')).data, [{ id: 't_1001_2', updated_time: '2026-11-30T12:00:00+0000' }])
  t.match(await list('user_id=3'), { data: [{ id: 't_1001_3' }] })
  t.same(await list('user_id=9'), { data: [] })
})

t.test('only the latest twenty messages are shown, and no more than two hundred kept', async (t) => {
  const { write, list } = await started(t)
  for (let i = 0; i < 210; i++) await write('2', NOON + i * 1000, { text: `${i}` })
  const [thread] = (await list('fields=messages{message}')).data
  t.equal(thread.messages.data.length, 20)
  t.same(thread.messages.data[0], { message: '209' })
})

t.test('no more than ten thousand conversations are kept', async (t) => {
  const threads = createThreads(() => PAGE_DEFAULTS)
  for (let user = 0; user <= 10_000; user++) threads.note({ page: '1', user: `${user}`, mid: 'm', timestamp: NOON })
  const request = understood({ ...PLAIN, path: '/1/conversations', query: { limit: '20000' } }, () => true)
  const shown: string[] = []
  const response = { writeHead() {}, end: (body: string) => void shown.push(body) }
  await threads.answer(request, response as never, new AbortController().signal)
  t.equal(JSON.parse(shown[0]!).data.length, 10_000)
})

t.test('what was sent is in the conversation, of an Instagram account under its Page’s id', async (t) => {
  const { graph, call } = await started(t)
  const send = (body: object) =>
    fetch(`${graph.url}/1002/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      body: JSON.stringify({ recipient: { id: '2' }, ...body }),
    })
  await send({ message: { text: 'hello' } })
  graph.script({ page: '1002', faults: [{ error: { code: 10 } }] })
  await send({ message: { text: 'refused' } })
  await send({ message: { attachment: { type: 'image', payload: { url: 'https://x/1' } } } })
  await graph.write({ page: '17', user: '2', text: 'thanks', lost: true })
  const [thread] = (await call(`1002/conversations?fields=${ALL}`)).body.data
  t.match(thread.participants, { data: [{ id: '2' }, { id: '17' }] })
  t.match(thread.messages.data, [
    { message: 'thanks', from: { id: '2' } },
    { attachments: { data: [{ image_data: { url: 'https://x/1' } }] }, from: { id: '17' } },
    { message: 'hello', from: { id: '17' } },
  ])
  t.equal(thread.messages.data.length, 3)
})

t.test('the next requests can be answered with anything', async (t) => {
  const { graph, call } = await started(t)
  const answers = [{ error: { code: 613, status: 400 } }, { body: '{"odd"', status: 500 }, { body: { data: 7 } }]
  graph.conversations({ page: '1001', answers: [answers[0]!] })
  graph.conversations({ page: '1001', answers: answers.slice(1) })
  t.match(await call('1001/conversations'), { status: 400, body: { error: { code: 613 } } })
  await t.rejects(call('1001/conversations'))
  t.same((await call('1001/conversations')).body, { data: 7 })
  graph.conversations({ page: '1001', answers: [{ error: { code: 10 } }] })
  graph.reset()
  t.same((await call('1001/conversations')).body, { data: [] })
})
