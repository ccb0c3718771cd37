import { isAddress } from './address.js'

/**
 * Signs that mean themselves, out of code or from behind a backslash: while a text is worked on, a character that no
 * text holds stands in for each, so that none is taken for a mark.
 */

/** Stands where a picture was. */
export const PICTURE = '\ufdd0'

const SIGNS = '*_#>[]()!`~<&\\|+-=.•'
const FIRST = 0xfdd1
const SIGN = /[*_#>[\]()!`~<&\\|+\-=.•]/g
const STAND_IN = /[\ufdd1-\ufdef]/g

/** Unicode keeps these for such use within a program; in a text from outside they mean nothing. */
export function withoutStandIns(text: string): string {
  return /[\ufdd0-\ufdef]/.test(text) ? text.replace(/[\ufdd0-\ufdef]/g, '') : text
}

export function literal(text: string): string {
  return text.replace(SIGN, (sign) => String.fromCharCode(FIRST + SIGNS.indexOf(sign)))
}

/** Signs in an address are part of it; where a link leads to mere words, they are marks like any others. */
export function literalAddress(address: string): string {
  return isAddress(address) ? literal(address) : address
}

export function withSigns(text: string): string {
  return text.replace(STAND_IN, (standIn) => SIGNS[standIn.charCodeAt(0) - FIRST]!)
}
