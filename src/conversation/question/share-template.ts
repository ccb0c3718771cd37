import { disarmFor } from './template-marks.js'

/** Renders a shared post or story and the question about it as one text for the assistant. */

export interface Share {
  readonly title: string | null
  readonly url: string | null
  readonly kind: 'post' | 'story'
}

/** `template` is `en`, `fa`, or a text with `{share}` and `{question}`. */
export function renderShare(template: string, share: Share, question: string): string {
  const builtIn = BUILT_IN.get(template)
  const text = withBoth(builtIn?.[share.kind] ?? template)
  const safe = builtIn === undefined ? withoutMarksOf(text) : harmless
  const values: Readonly<Record<string, string>> = {
    '{share}': safe(textOf(share)) || (builtIn ?? ENGLISH).noCaption,
    '{question}': safe(question),
  }
  // A single pass: inserted text is not searched for placeholders.
  return text.replace(PLACEHOLDERS, (name) => values[name]!)
}

/** For text that goes into a template of the settings: removes the template's markers besides our own. */
function withoutMarksOf(template: string): (text: string) => string {
  const disarm = disarmFor(template.split(PLACEHOLDERS))
  return (text) => disarm(harmless(text))
}

const PLACEHOLDERS = /\{share\}|\{question\}/g

function withBoth(template: string): string {
  const missing = ['{share}', '{question}'].filter((name) => !template.includes(name))
  return [template, ...missing].join('\n')
}

function textOf({ title, url }: Share): string {
  return [title, url].flatMap((line) => line?.trim() || []).join('\n')
}

interface BuiltIn {
  readonly post: string
  readonly story: string
  /** In place of the caption of a share without one. */
  readonly noCaption: string
}

const ENGLISH: BuiltIn = {
  post: `[CONTEXT: Instagram post/reel shared by the customer]
{share}
Note: only the caption is visible, not the picture or video.
[/CONTEXT]

[Customer's question]: {question}`,
  story: `[CONTEXT: Instagram post/reel shared by the customer]
{share}
Note: this is a story. Only the caption is visible, not the picture or video.
[/CONTEXT]

[Customer's question]: {question}`,
  noCaption: '(no caption)',
}

const PERSIAN: BuiltIn = {
  post: `[CONTEXT: پست/ریلز اینستاگرام که کاربر فرستاده]
{share}
توجه: فقط کپشن دیده می‌شود، نه عکس یا ویدیو.
[/CONTEXT]

[سوال کاربر]: {question}`,
  story: `[CONTEXT: پست/ریلز اینستاگرام که کاربر فرستاده]
{share}
توجه: این یک استوری است. فقط کپشن دیده می‌شود، نه عکس یا ویدیو.
[/CONTEXT]

[سوال کاربر]: {question}`,
  noCaption: '(بدون کپشن)',
}

const BUILT_IN: ReadonlyMap<string, BuiltIn> = new Map([
  ['en', ENGLISH],
  ['fa', PERSIAN],
])

/**
 * Makes text from outside harmless: anything that could be read as one of our markers, however spelled, gets round
 * brackets, so that it can neither open nor close a block nor pose as the question. Other brackets stay. Texts that
 * will be placed next to each other must be joined first, or a marker could come in halves.
 */
export function harmless(text: string): string {
  if (!OPENING.test(text)) return text
  // The pieces at odd indexes are the brackets.
  const pieces = text.split(BRACKET)
  for (let at = 1; at < pieces.length; at += 2) {
    if (OPENING.test(pieces[at]!) && isMarker(pieces[at + 1]!)) roundOff(pieces, at)
  }
  return pieces.join('')
}

const OPEN = '[［﹇【︻〔︹﹝〖︗〘〚⟦⟬❲⁅⦋⦍⦏'
const CLOSE = ']］﹈】︼〕︺﹞〗︘〙〛⟧⟭❳⁆⦌⦎⦐'
const OPENING = new RegExp(`[\\${OPEN}]`)
const CLOSING = new RegExp(`[\\${CLOSE}]`)
const BRACKET = new RegExp(`([\\${OPEN}\\${CLOSE}])`)

/** Replaces adjacent enclosing brackets too, or the next pair out would form a marker. */
function roundOff(pieces: string[], at: number): void {
  let left = at
  do {
    pieces[left] = '('
    left -= 2
  } while (left > 0 && OPENING.test(pieces[left]!) && isBlank(pieces[left + 1]!))
  let right = at + 2
  while (right < pieces.length && CLOSING.test(pieces[right]!)) {
    pieces[right] = ')'
    if (!isBlank(pieces[right + 1]!)) break
    right += 2
  }
}

const MARKERS: readonly string[] = ['context', 'customersquestion', 'customerquestion', 'سوالکاربر']

/** Stops at the first mismatch, as most brackets contain something else. */
function isMarker(text: string): boolean {
  let plain = ''
  for (const character of text) {
    plain += plainOf(character)
    if (MARKERS.some((marker) => plain.startsWith(marker))) return true
    if (!MARKERS.some((marker) => marker.startsWith(plain))) return false
  }
  return false
}

function isBlank(text: string): boolean {
  for (const character of text) if (plainOf(character) !== '') return false
  return true
}

/** The small Latin letters that a character looks like; empty for whitespace, marks, punctuation and joiners. */
function plainOf(character: string): string {
  const letters = character.normalize('NFKD').toLowerCase().replace(NO_LETTER, '')
  return LOOKALIKES.get(letters) ?? letters
}

const NO_LETTER = /[^\p{Ll}\p{Lo}\p{N}]|\p{Default_Ignorable_Code_Point}/gu

/** Only for letters that the markers use: Cyrillic, Greek, small capitals, the Arabic kaf. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  [
    ['c', 'сςᴄ'],
    ['e', 'еεᴇ'],
    ['i', 'іιıɪ'],
    ['m', 'мμᴍ'],
    ['n', 'пνɴ'],
    ['o', 'оοσᴏ'],
    ['q', 'ԛ'],
    ['r', 'гʀ'],
    ['s', 'ѕꜱ'],
    ['t', 'тτᴛ'],
    ['u', 'υᴜ'],
    ['x', 'хχ'],
    ['ک', 'كڪ'],
  ].flatMap(([letter, others]) => [...others!].map((other): [string, string] => [other, letter!])),
)
