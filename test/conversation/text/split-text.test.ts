import assert from 'node:assert/strict'
import t from 'tap'
import type { Platform } from '../../../src/conversation/channel.js'
import { splitText } from '../../../src/conversation/text/split-text.js'
import fc, { RUNS } from '../../fixtures/property.js'

const LIMITS: Readonly<Record<Platform, number>> = { facebook: 2_000, instagram: 1_000 }
const PLATFORMS = ['facebook', 'instagram'] as const

const sizeOf = (text: string, platform: Platform): number =>
  platform === 'facebook' ? text.length : Buffer.byteLength(text)

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Where graphemes begin and end, those over the limit aside: they may be cut anywhere between code points. */
function placesToCut(text: string, platform: Platform): ReadonlySet<number> {
  const places = new Set([0, text.length])
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    places.add(index)
    if (sizeOf(segment, platform) <= LIMITS[platform]) continue
    let at = index
    for (const codePoint of segment) {
      places.add(at)
      at += codePoint.length
    }
  }
  return places
}

function assertSplit(text: string, platform: Platform): void {
  const parts = splitText(text, platform)
  const places = placesToCut(text, platform)
  let at = 0
  for (const part of parts) {
    const found = text.indexOf(part, at)
    assert.notEqual(found, -1, 'a part stands in the text, after the one before')
    assert.equal(text.slice(at, found).trim(), '', 'only blanks are left out')
    assert.notEqual(part, '')
    assert.equal(part, part.trim())
    assert.ok(sizeOf(part, platform) <= LIMITS[platform], 'a part is within the limit')
    // A blank is left out even where a mark sits on it.
    const isCut = (place: number): boolean => places.has(place) || /\s/.test(text[place - 1] ?? '')
    assert.ok(isCut(found), 'a part begins where a grapheme does')
    at = found + part.length
    assert.ok(places.has(at) || /\s/.test(text[at] ?? ''), 'a part ends where a grapheme does')
  }
  assert.equal(text.slice(at).trim(), '', 'nothing is lost at the end')
  if (sizeOf(text.trim(), platform) <= LIMITS[platform]) assert.ok(parts.length <= 1, 'what fits is not split')
}

const pieces = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(' ', '\n', '\n\n', '\r\n', '\r\n \r\n', '. ', '؟ ', '。', '！」', '…', '\u00a0'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('سلام', 'می\u200cخواهم', 'été', '👩‍👩‍👧‍👦', '🇮🇷🇩🇪', '👍🏽', 'a\u0301\u0302', '漢字'),
  },
  { weight: 2, arbitrary: fc.constantFrom(' \u0301', '。\u0301', '\u0600 ', '\ud800', '\udc00', '\u200d') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)
/** Few pieces many times over, so that a limit is passed at odd places. */
const texts = fc
  .array(fc.tuple(pieces, fc.oneof(fc.constant(1), fc.nat(40), fc.nat(700))), { maxLength: 12 })
  .map((parts) => parts.map(([piece, times]) => piece.repeat(times)).join(''))
  .map((text) => text.slice(0, 6_000))

for (const platform of PLATFORMS) {
  t.test(`on ${platform} no part is too long, none is empty, and nothing but blanks is lost`, async () => {
    fc.assert(
      fc.property(texts, (text) => assertSplit(text, platform)),
      { numRuns: RUNS },
    )
  })

  t.test(`on ${platform} a text that fits is one part, and a blank one none`, async (t) => {
    t.same(splitText('How much is it?', platform), ['How much is it?'])
    t.same(splitText(' first\n\nsecond ', platform), ['first\n\nsecond'])
    t.same(splitText('', platform), [])
    t.same(splitText(' \n\t ', platform), [])
  })
}

t.test('a facebook part has 2000 characters at the most', async (t) => {
  t.same(splitText('x'.repeat(2_000), 'facebook'), ['x'.repeat(2_000)])
  t.same(splitText('x'.repeat(2_001), 'facebook'), ['x'.repeat(2_000), 'x'])
  t.same(splitText('😀'.repeat(1_000), 'facebook').length, 1)
  t.same(splitText(`x${'😀'.repeat(1_000)}`, 'facebook'), [`x${'😀'.repeat(999)}`, '😀'])
})

t.test('an instagram part has 1000 bytes at the most', async (t) => {
  for (const [what, letter, bytes] of [
    ['Latin', 'x', 1],
    ['accented', 'é', 2],
    ['Persian', 'س', 2],
    ['Chinese', '漢', 3],
    ['lone surrogates', '\ud800', 3],
    ['emoji', '😀', 4],
  ] as const) {
    const most = Math.floor(1_000 / bytes)
    t.same(splitText(letter.repeat(most), 'instagram'), [letter.repeat(most)], `${what}: fits`)
    t.same(splitText(letter.repeat(most + 1), 'instagram'), [letter.repeat(most), letter], `${what}: one too many`)
  }
})

const words = (count: number): string => 'word '.repeat(count).trimEnd()

for (const [what, text, first] of [
  ['paragraph', `${words(250)}.\n\n${words(60)}\n${words(20)}. ${words(200)}`, `${words(250)}.`],
  ['paragraph with blanks in its empty line', `${words(250)}\r\n \r\n${words(60)}\n${words(200)}`, words(250)],
  ['line', `${words(250)}\n${words(20)}. ${words(200)}`, words(250)],
  ['sentence', `${words(250)}. ${words(200)}`, `${words(250)}.`],
  ['quoted sentence', `${words(250)}?”) ${words(200)}`, `${words(250)}?”)`],
  ['sentence that trails off', `${words(250)}… ${words(200)}`, `${words(250)}…`],
  ['Persian question', `${'سلام '.repeat(250)}چند؟ ${'سلام '.repeat(250)}`, `${'سلام '.repeat(250)}چند؟`],
  ['Urdu sentence', `${'سلام '.repeat(250)}ہے۔ ${'سلام '.repeat(250)}`, `${'سلام '.repeat(250)}ہے۔`],
  ['Chinese sentence, without a blank', `${'漢'.repeat(1_500)}。${'字'.repeat(1_000)}`, `${'漢'.repeat(1_500)}。`],
  ['Chinese quotation', `${'漢'.repeat(1_500)}！」${'字'.repeat(1_000)}`, `${'漢'.repeat(1_500)}！」`],
  ['Chinese paragraph', `${'漢'.repeat(1_400)}。\n\n字。${'字'.repeat(1_000)}`, `${'漢'.repeat(1_400)}。`],
  ['word', words(600), words(400)],
] as const) {
  t.test(`a part ends with its ${what}`, async (t) => {
    t.equal(splitText(text, 'facebook')[0], first)
  })
}

t.test('a point within a number or an address ends no sentence', async (t) => {
  const text = `${words(250)} 3.14 shop.example/a?b=c ${words(300)}`
  t.match(splitText(text, 'facebook')[0], /word$/)
})

t.test('of two equal breaks the later one is taken', async (t) => {
  t.equal(splitText(`${words(220)}. ${words(100)}. ${words(200)}`, 'facebook')[0], `${words(220)}. ${words(100)}.`)
})

t.test('a paragraph in the first half of a part is no reason for a small part', async (t) => {
  t.equal(splitText(`Hello!\n\n${words(600)}`, 'facebook')[0]?.length, `Hello!\n\n${words(398)}`.length)
})

t.test('a small part is preferred to a split word', async (t) => {
  const address = `https://shop.example/${'x'.repeat(1_970)}`
  t.same(splitText(`See: the shop\n${address} there`, 'facebook'), ['See: the shop', `${address} there`])
})

t.test('many sentences that end within a grapheme are split in a moment', async (t) => {
  const part = '。\u200d'.repeat(1_000)
  t.strictSame(new Set(splitText(part.repeat(200), 'facebook')), new Set([part]))
  t.equal(splitText(part.repeat(200), 'facebook').length, 200)
})

t.test('a break may stand exactly at the limit, and all its blanks are left out', async (t) => {
  const full = 'x'.repeat(2_000)
  t.same(splitText(`${full} \n ${full}${' '.repeat(5_000)}y`, 'facebook'), [full, full, 'y'])
})

t.test('a grapheme is never cut', async (t) => {
  const family = '👩‍👩‍👧‍👦'
  for (const platform of PLATFORMS) {
    const parts = splitText(`x${family.repeat(500)}`, platform)
    t.ok(parts.length > 1)
    t.ok(parts.every((part) => part.endsWith(family)))
    t.ok(parts.slice(1).every((part) => part.startsWith(family)))
  }
})

t.test('a mark on the end of a sentence stays with it', async (t) => {
  const text = `${'漢'.repeat(1_500)}。\u0301${'字'.repeat(1_000)}`
  t.equal(splitText(text, 'facebook')[0], text.slice(0, 2_000))
})

t.test('a grapheme over the limit is cut between code points', async (t) => {
  const marks = `e${'\u0301'.repeat(3_000)}`
  t.same(splitText(marks, 'facebook'), [marks.slice(0, 2_000), marks.slice(2_000)])
  const joined = Array.from({ length: 400 }, () => '👩').join('\u200d')
  for (const part of splitText(joined, 'instagram')) t.ok(part.isWellFormed())
})

t.test('the time grows with the text and not with its square', async (t) => {
  for (const piece of [
    'word ',
    'x',
    '.',
    '"',
    ' ',
    '。',
    '。」',
    '؟',
    '\n\n',
    '漢',
    'e\u0301',
    '\u0301',
    '\u0600',
    ' \u0301',
    '\ud800',
  ]) {
    const text = `a${piece.repeat(Math.ceil(100_000 / piece.length))}b`
    for (const platform of PLATFORMS) {
      const began = performance.now()
      splitText(text, platform)
      t.ok(performance.now() - began < 2_000, JSON.stringify(piece))
    }
  }
})
