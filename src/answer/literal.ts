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
/** By a character's code: what is written for it, which is itself for most. */
const STAND_INS = Uint16Array.from({ length: EVERY_CODE }, (_, code) => code)
const SIGNS_AGAIN = STAND_INS.slice()
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

/** Kept for the next text. */
let scratch = Buffer.alloc(0)
let units = new Uint16Array(0)

function replaced(text: string, by: Uint16Array): string {
  const size = text.length
  if (size === 1) return String.fromCharCode(by[text.charCodeAt(0)]!)
  if (units.length < size) {
    units = new Uint16Array(size * 2)
    scratch = Buffer.from(units.buffer)
  }
  scratch.write(text, 'utf16le')
  let changes = 0
  // Every character is written: to ask which ones change takes longer, where many do.
  for (let i = 0; i < size; i += 1) {
    const code = units[i]!
    const other = by[code]!
    units[i] = other
    changes |= code ^ other
  }
  return changes === 0 ? text : scratch.toString('utf16le', 0, size * 2)
}
