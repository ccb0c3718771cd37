import t from 'tap'
import { isObject, type JsonObject } from '../../src/json.js'
import { contentOf, idAt, MOST_TEXT, objectAt, textAt, timeAt } from '../../src/meta/content.js'

const attached = (type: unknown, payload?: unknown, more: JsonObject = {}): JsonObject => ({
  mid: 'm',
  attachments: [{ type, ...(payload === undefined ? {} : { payload }), ...more }],
})
const URL_HERE = 'https://cdn.example/1'

t.test('objects, ids and texts are read from a payload', async (t) => {
  t.same([{}, [], null, 'x', 1, undefined].map(isObject), [true, false, false, false, false, false])
  t.same(objectAt({ a: { b: 1 } }, 'a'), { b: 1 })
  t.equal(objectAt({ a: [1] }, 'a'), null)
  t.equal(idAt({ id: '17841400000000001' }, 'id'), '17841400000000001')
  t.equal(idAt({ id: 42 }, 'id'), '42')
  for (const id of [2 ** 53, 1.5, null, {}, ['1'], true]) t.equal(idAt({ id }, 'id'), null, String(id))
  t.equal(idAt({}, 'id'), null)
  t.equal(idAt(null, 'id'), null)
  t.equal(textAt({ a: 'text' }, 'a', 4), 'text')
  for (const a of ['', 1, null, {}, ['x']]) t.equal(textAt({ a }, 'a', 4), null, JSON.stringify(a))
  t.equal(textAt(null, 'a', 4), null)
})

t.test('a text is cut where it gets too long, and never through a character', async (t) => {
  t.equal(textAt({ a: 'abcde' }, 'a', 4), 'abcd')
  t.equal(textAt({ a: 'abc😀' }, 'a', 4), 'abc\ufffd')
  const { text } = contentOf({ text: 'x'.repeat(MOST_TEXT + 1) })
  t.equal(text?.length, MOST_TEXT)
})

t.test('times are read as milliseconds, seconds or texts of either, and 0 where implausible', async (t) => {
  for (const [given, at] of [
    [1767225600000, 1767225600000],
    ['1767225600000', 1767225600000],
    [1767225600, 1767225600000],
    ['1767225600', 1767225600000],
    [1767225600.5, 1767225600500],
    [1767225600000.7, 1767225600000],
    [8_640_000_000_000_000, 8_640_000_000_000_000],
    [8_640_000_000_000_001, 0],
    [2 ** 53, 0],
    ['9007199254740993', 0],
    [0, 0],
    ['0', 0],
    ['', 0],
    [1, 0],
    [1_000_000_000, 0],
    [-1767225600000, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
    ['soon', 0],
    [null, 0],
    [undefined, 0],
    [true, 0],
    [{}, 0],
    [[1767225600000], 0],
    [{ valueOf: 1, toString: 1 }, 0],
  ] as const) {
    t.equal(timeAt({ at: given }, 'at'), at, `${typeof given} ${JSON.stringify(given)}`)
  }
})

t.test('a plain text is a text', async (t) => {
  t.same(contentOf({ mid: 'm', text: 'hi' }), {
    kind: 'text',
    text: 'hi',
    attachments: [],
    storyMention: false,
    supported: true,
  })
})

t.test('a message that shows nothing is not supported', async (t) => {
  for (const message of [
    { mid: 'm' },
    { text: '' },
    { text: null },
    { text: 7 },
    { attachments: [] },
    { attachments: [null, 'x', 7] },
    { attachments: 'image' },
  ]) {
    t.match(contentOf(message), { kind: 'other', text: null, supported: false }, JSON.stringify(message))
  }
  t.match(contentOf({ text: 'hi', is_unsupported: true }), { kind: 'text', supported: false })
  t.match(contentOf({ ...attached('image', { url: URL_HERE }), is_unsupported: true }), { supported: false })
})

t.test('every kind of attachment is known, with its address', async (t) => {
  for (const [type, kind] of [
    ['image', 'image'],
    ['audio', 'voice'],
    ['video', 'video'],
    ['file', 'file'],
    ['sticker', 'sticker'],
    ['location', 'location'],
    ['template', 'template'],
    ['fallback', 'share'],
    ['share', 'share'],
    ['post', 'share'],
    ['ig_post', 'share'],
    ['reel', 'share'],
    ['ig_reel', 'share'],
    ['ig_story', 'story'],
    ['story_mention', 'story'],
  ] as const) {
    t.same(
      contentOf(attached(type, { url: URL_HERE })),
      {
        kind,
        text: null,
        attachments: [{ kind, url: URL_HERE, title: null }],
        storyMention: type === 'story_mention',
        supported: true,
      },
      type,
    )
    for (const payload of [null, undefined, 'x', []]) {
      t.match(contentOf(attached(type, payload)), { kind, attachments: [{ kind, url: null, title: null }] }, type)
    }
  }
})

t.test('content that cannot be shown or is unknown is of kind other and not supported', async (t) => {
  for (const type of [
    'ephemeral',
    'unsupported_type',
    'hologram',
    'constructor',
    '__proto__',
    '',
    null,
    7,
    {},
    undefined,
  ]) {
    t.match(
      contentOf(attached(type)),
      { kind: 'other', attachments: [{ kind: 'other', url: null, title: null }], supported: false },
      String(type),
    )
  }
  t.match(contentOf({ ...attached('ephemeral'), text: 'look' }), { kind: 'other', text: 'look', supported: true })
})

t.test('a shared post is known by its title, subtitle and caption, each once', async (t) => {
  const title = (payload: Record<string, string>, more: Record<string, string> = {}) =>
    contentOf(attached('share', payload, more)).attachments[0]?.title
  t.equal(title({ title: 'Shoes', subtitle: '49 €', caption: 'New in store' }), 'Shoes\n49 €\nNew in store')
  t.equal(title({ title: 'Shoes', caption: ' Shoes ' }, { title: 'Shoes', subtitle: 'red' }), 'Shoes\nred')
  t.equal(title({ caption: 'x'.repeat(2_300) })?.length, 2_200, 'as long as Instagram lets a caption be')
  t.equal(title({ title: ' ' }), null)
})

t.test('an address may stand in three places', async (t) => {
  const url = (payload: unknown, more?: JsonObject) =>
    contentOf(attached('ig_story', payload, more)).attachments[0]?.url
  t.equal(url({ url: 'a', story_media_url: 'b' }, { url: 'c' }), 'a')
  t.equal(url({ story_media_url: 'b' }, { url: 'c' }), 'b')
  t.equal(url(null, { url: 'c' }), 'c')
})

t.test('a title may stand beside the payload, and a place is its own', async (t) => {
  const title = (payload: unknown, more?: JsonObject) =>
    contentOf(attached('location', payload, more)).attachments[0]?.title
  t.equal(title({ title: 'a' }, { title: 'b' }), 'a')
  t.equal(title({}, { title: 'b' }), 'b')
  t.equal(title({ coordinates: { lat: 35.7, long: 51.4 } }), '35.7,51.4')
  for (const coordinates of [null, {}, { lat: 35.7 }, { lat: '35.7', long: 51.4 }, { long: 51.4, lat: {} }]) {
    t.equal(title({ coordinates }), null, JSON.stringify(coordinates))
  }
})

t.test('a text with a picture is a picture, a text with a link’s preview a text', async (t) => {
  t.match(contentOf({ ...attached('image', { url: URL_HERE }), text: 'see' }), { kind: 'image', text: 'see' })
  t.match(contentOf({ ...attached('share', { url: URL_HERE }), text: 'see' }), { kind: 'share', text: 'see' })
  t.match(contentOf({ ...attached('fallback', null, { url: URL_HERE }), text: URL_HERE }), {
    kind: 'text',
    text: URL_HERE,
    attachments: [{ kind: 'share', url: URL_HERE }],
  })
  t.match(contentOf({ text: 'hi', attachments: [] }), { kind: 'text', text: 'hi', supported: true })
})

t.test('a sticker is told by its id, wherever that stands', async (t) => {
  const picture = { url: URL_HERE, sticker_id: 369239263222822 }
  t.match(contentOf(attached('image', picture)), { kind: 'sticker', attachments: [{ kind: 'sticker', url: URL_HERE }] })
  t.match(contentOf({ ...attached('image', { url: URL_HERE }), sticker_id: 369239263222822 }), { kind: 'sticker' })
  t.same(contentOf({ mid: 'm', sticker_id: 1 }), {
    kind: 'sticker',
    text: null,
    attachments: [],
    storyMention: false,
    supported: true,
  })
  for (const none of [null, undefined]) {
    t.match(contentOf({ ...attached('image', { sticker_id: none }), sticker_id: none }), { kind: 'image' })
  }
})

t.test('a reply to a story carries the story', async (t) => {
  t.same(contentOf({ text: 'nice', reply_to: { story: { url: URL_HERE, id: '7' } } }), {
    kind: 'text',
    text: 'nice',
    attachments: [{ kind: 'story', url: URL_HERE, title: null }],
    storyMention: false,
    supported: true,
  })
  t.match(contentOf({ text: 'nice', reply_to: { story: {} } }), { attachments: [{ kind: 'story', url: null }] })
  t.same(contentOf({ text: 'nice', reply_to: { mid: 'm1' } }).attachments, [])
  t.match(contentOf({ ...attached('image', { url: 'a' }), reply_to: { story: { url: 'b' } } }), {
    kind: 'image',
    attachments: [{ kind: 'image' }, { kind: 'story', url: 'b' }],
  })
})

t.test('attachments above the cap are left out', async (t) => {
  const attachments = Array.from({ length: 30 }, () => ({ type: 'image', payload: { url: URL_HERE } }))
  t.equal(contentOf({ attachments }).attachments.length, 20)
})
