/** The link if it is an http(s) URL; null for anything that a browser should not follow. */
export function webAddress(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null
  const { protocol, href } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? href : null
}

/** The host of a link, shown beside it. */
export function siteOf(address: string): string {
  return new URL(address).hostname.replace(/^www\./, '')
}

/** Longer texts are folded. */
const MOST_CHARACTERS = 1_200

export function folded(text: string): { readonly shown: string; readonly isFolded: boolean } {
  if (text.length <= MOST_CHARACTERS * 1.25) return { shown: text, isFolded: false }
  return { shown: `${text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`, isFolded: true }
}

/** Initials of a customer without a picture. */
export function initials(name: string): string {
  const words = name
    .replace(/^@/, '')
    .split(/[\s._-]+/)
    .filter(Boolean)
  const letters = words.slice(0, 2).map((word) => [...word][0]!)
  return letters.join('').toUpperCase()
}

/** A colour derived from the customer's id. */
export function hueOf(id: string, hues: number): number {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % hues
}
