import { isAddress } from './address.js'

/**
 * Signs that mean themselves, out of code or from behind a backslash: while a text is worked on, a character that no
 * text holds stands in for each, so that none is taken for a mark.
 */

/** Stands where a picture was. */
export const PICTURE = '\ufdd0'

const SIGNS = '*_#>[]()!`~<&\\|+-=.•'
const FIRST = 0xfdd1
const STAND_INS = new Map([...SIGNS].map((sign, i) => [sign.charCodeAt(0), String.fromCharCode(FIRST + i)]))
const STAND_IN = /[\ufdd1-\ufdef]/g

/** Unicode keeps these for such use within a program; in a text from outside they mean nothing. */
export function withoutStandIns(text: string): string {
  return /[\ufdd0-\ufdef]/.test(text) ? text.replace(/[\ufdd0-\ufdef]/g, '') : text
}

export function literal(text: string): string {
  let shown = ''
  let at = 0
  for (let i = 0; i < text.length; i += 1) {
    const standIn = STAND_INS.get(text.charCodeAt(i))
    if (standIn === undefined) continue
    shown += text.slice(at, i) + standIn
    at = i + 1
  }
  return shown + text.slice(at)
}

/** Signs in an address are part of it; where a link leads to mere words, they are marks like any others. */
export function literalAddress(address: string): string {
  return isAddress(address) ? literal(address) : address
}

export function withSigns(text: string): string {
  return text.replace(STAND_IN, (standIn) => SIGNS[standIn.charCodeAt(0) - FIRST]!)
}
