import { isAddress } from './address.js'

/**
 * Signs that mean themselves, out of code or from behind a backslash: while a text is worked on, a character that no
 * text holds stands in for each, so that none is taken for a mark.
 */

/** Stands where a picture was. */
export const PICTURE = '\ufdd0'

const SIGNS = '*_#>[]()!`~<&\\|+-=.•'
const FIRST = 0xfdd1
const EVERY_CODE = 0x10000
/** By a character's code, 0 for what stays as it is. */
const STAND_INS = new Uint16Array(EVERY_CODE)
const SIGNS_AGAIN = new Uint16Array(EVERY_CODE)
for (const [i, sign] of [...SIGNS].entries()) {
  STAND_INS[sign.charCodeAt(0)] = FIRST + i
  SIGNS_AGAIN[FIRST + i] = sign.charCodeAt(0)
}

/** Unicode keeps these for such use within a program; in a text from outside they mean nothing. */
export function withoutStandIns(text: string): string {
  return /[\ufdd0-\ufdef]/.test(text) ? text.replace(/[\ufdd0-\ufdef]/g, '') : text
}

export function literal(text: string): string {
  return replaced(text, STAND_INS)
}

/** Signs in an address are part of it; where a link leads to mere words, they are marks like any others. */
export function literalAddress(address: string): string {
  return isAddress(address) ? literal(address) : address
}

export function withSigns(text: string): string {
  return replaced(text, SIGNS_AGAIN)
}

function replaced(text: string, by: Uint16Array): string {
  return text.length < LONG ? inPieces(text, by) : inPlace(text, by)
}

/** From here on a string in one piece costs less than one that is put together. */
const LONG = 64

function inPieces(text: string, by: Uint16Array): string {
  let shown = ''
  let at = 0
  for (let i = 0; i < text.length; i += 1) {
    const other = by[text.charCodeAt(i)]!
    if (other === 0) continue
    shown += text.slice(at, i) + String.fromCharCode(other)
    at = i + 1
  }
  return at === 0 ? text : shown + text.slice(at)
}

function inPlace(text: string, by: Uint16Array): string {
  const bytes = Buffer.allocUnsafeSlow(text.length * 2)
  bytes.write(text, 'utf16le')
  const units = new Uint16Array(bytes.buffer)
  let isChanged = false
  for (let i = 0; i < units.length; i += 1) {
    const other = by[units[i]!]!
    if (other === 0) continue
    units[i] = other
    isChanged = true
  }
  return isChanged ? bytes.toString('utf16le') : text
}
