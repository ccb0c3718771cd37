/** Addresses as a model or Dify writes them: whole, relative to Dify, or without the scheme that everybody leaves out. */

const SCHEME = /^[a-z][a-z\d+.-]*:/i
/** A name with a dot in it before the first slash. */
const HOST = /^[\p{L}\d-]+(?:\.[\p{L}\d-]+)+(?=[/:?#]|$)/u
/** Longer ones Meta does not take, and nobody reads. */
const LONGEST_ATTACHED = 2_048

/** A link's address in whole. `base` is the address of the Dify that said it, null where there is none. */
export function completeLink(address: string, base: string | null): string {
  if (SCHEME.test(address)) return address
  if (address.startsWith('//')) return `https:${address}`
  if (base === null || !/^\.{0,2}\//.test(address)) return address
  return originOf(base) + address.replace(/^\.{0,2}/, '')
}

let lastBase = { address: '', origin: '' }

/** A text asks for the same one again and again. */
function originOf(address: string): string {
  if (lastBase.address !== address) lastBase = { address, origin: new URL(address).origin }
  return lastBase.origin
}

/** Whether a reader takes it for an address also without the marks of a link around it. */
export function isAddress(text: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:\/\/|[\w.+-]+@[\w-]+\.)/i.test(text) || HOST.test(text)
}

let lastFile: { address: string; base: string | null; whole: string | null } = { address: '', base: null, whole: null }

/** The address of a picture or a file that Meta can fetch by it, else null. A text may show the same one again and again. */
export function completeFile(address: string, base: string | null): string | null {
  if (lastFile.address !== address || lastFile.base !== base) {
    lastFile = { address, base, whole: wholeFile(address, base) }
  }
  return lastFile.whole
}

function wholeFile(address: string, base: string | null): string | null {
  if (address === '') return null
  const isRelative = !SCHEME.test(address) && !/^\.{0,2}\//.test(address)
  const isHost = isRelative && HOST.test(address) && address.includes('/')
  const whole = completeLink(isHost ? `https://${address}` : isRelative ? `/${address}` : address, base)
  const isFit = /^https?:\/\//i.test(whole) && whole.length <= LONGEST_ATTACHED && URL.canParse(whole)
  return isFit ? whole : null
}

/** As it is shown: a reader needs no `mailto:` before an address of mail. */
export function shownLink(address: string): string {
  return address.replace(/^(?:mailto|tel):/i, '')
}

const SHOWN_SCHEMES = ['https://', 'http://', 'mailto:', 'tel:']

/** Whether a link's label tells no more than its address. */
export function saysTheSame(label: string, address: string): boolean {
  return coreOf(label) === coreOf(address)
}

function coreOf(text: string): string {
  const address = text.trim().toLowerCase()
  const scheme = SHOWN_SCHEMES.find((each) => address.startsWith(each)) ?? ''
  const start = address.startsWith('www.', scheme.length) ? scheme.length + 4 : scheme.length
  let end = address.length
  while (end > start && address[end - 1] === '/') end -= 1
  return address.slice(start, end)
}

/** What tells two addresses of the same file apart is only when Dify signed them. */
export function fileKey(address: string): string {
  const url = new URL(address)
  if (!url.searchParams.has('sign')) return url.href
  for (const name of ['timestamp', 'nonce', 'sign']) url.searchParams.delete(name)
  return url.href
}
