import t from 'tap'
import { isOneOf } from '../../../src/conversation/text/words.js'

const SAID: readonly (readonly [what: string, text: string, word: string])[] = [
  ['as it stands', 'agent', 'agent'],
  ['in capitals', 'AGENT', 'agent'],
  ['in small letters', 'agent', 'Agent'],
  ['with blanks around', '  agent\n', 'agent'],
  ['with more blanks within', 'real \u00a0 person', 'real person'],
  ['in decomposed letters', 'cafe\u0301', 'CAFÉ'],
  ['with a full stop', 'agent.', 'agent'],
  ['with many marks', '¡¡ agent !?…', 'agent'],
  ['in quotes', '«agent»', 'agent'],
  ['with a Persian question mark', 'اپراتور؟', 'اپراتور'],
  ['with an Urdu full stop', 'اپراتور۔', 'اپراتور'],
  ['with marks of direction', '\u200fاپراتور\u200f!', 'اپراتور'],
  ['from an Arabic keyboard', 'پشتيبان كاربر', 'پشتیبان کاربر'],
  ['with its own punctuation', 'stop!', 'stop!'],
  ['with more than its own punctuation', '(stop!!)', 'stop!'],
  ['as punctuation', '?', '?'],
  ['as an emoji', '🤖', '🤖'],
  ['as an emoji without its style', '❤', '❤️'],
  ['as an emoji with a style', '❤️!', '❤'],
  ['as an emoji in black and white', '❤︎', '❤️'],
  ['with ß', 'GROSS', 'groß'],
  ['with a sigma', 'ΟΔΟΣ', 'οδός'.normalize('NFD').replace(/\u0301/g, '')],
  ['with a Turkish capital', 'İnsan', 'insan'],
]

for (const [what, text, word] of SAID) {
  t.test(`a word is said ${what}`, async (t) => {
    t.ok(isOneOf(text, ['other', word]))
    t.notOk(isOneOf(text, ['other']))
  })
}

const NOT_SAID: readonly (readonly [what: string, text: string | null, words: readonly string[]])[] = [
  ['there is no text', null, ['agent']],
  ['there are no words', 'agent', []],
  ['it stands among others', 'I want an agent', ['agent']],
  ['others follow', 'agent please', ['agent']],
  ['it is a part of another', 'agents', ['agent']],
  ['only half of it is there', 'real', ['real person']],
  ['its own punctuation is missing', 'stop', ['stop!']],
  ['the emoji is another', '👨‍👩‍👧', ['👨']],
  ['the emoji has a colour', '👍🏽', ['👍']],
  ['there is only punctuation', '!!!', ['agent']],
  ['the word is empty', '', ['']],
  ['the word is blank', '!', [' ', '\ufe0f']],
  ['joiners make it another', 'می\u200cخواهم', ['میخواهم']],
]

for (const [why, text, words] of NOT_SAID) {
  t.test(`a word is not said where ${why}`, async (t) => {
    t.notOk(isOneOf(text, words))
  })
}

t.test('the time grows with the text and not with its square', async (t) => {
  for (const piece of ['agent', '!', ' ', '\u200f', 'İ', '\ufe0f', 'a']) {
    const began = performance.now()
    t.notOk(isOneOf(`x${piece.repeat(100_000)}`, ['agent', 'a', '!']))
    t.ok(performance.now() - began < 2_000, JSON.stringify(piece))
  }
})
