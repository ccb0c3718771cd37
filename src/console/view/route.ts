/** The route within the page, in the URL's fragment. */

export type Route =
  | { readonly is: 'conversations'; readonly id: string | null }
  | { readonly is: 'dead-letters' }
  | { readonly is: 'pages' }
  | { readonly is: 'pulse' }

export function routeOf(hash: string): Route {
  const [, place = '', id = ''] = /^#\/([\w-]*)(?:\/([\d-]*))?$/.exec(hash) ?? []
  if (place === 'c' && /^\d{1,32}-\d{1,32}$/.test(id)) return { is: 'conversations', id }
  if (place === 'dead-letters' || place === 'pages' || place === 'pulse') return { is: place }
  return { is: 'conversations', id: null }
}

export function addressOf(route: Route): string {
  if (route.is !== 'conversations') return `#/${route.is}`
  return route.id === null ? '#/' : `#/c/${route.id}`
}

/** A login in the URL; in the demo also the secret with which the phone signs webhooks. */
export interface GivenLogin {
  /** `token`: an API token; `login`: a one-time code that the router exchanges for one. */
  readonly by: 'token' | 'login'
  readonly secret: string
  readonly phone: string | null
  readonly open: string | null
}

export function loginIn(hash: string): GivenLogin | null {
  const given = new URLSearchParams(hash.slice(1))
  const by = given.get('login') ? 'login' : 'token'
  const secret = given.get(by)
  return secret ? { by, secret, phone: given.get('phone'), open: given.get('open') } : null
}
