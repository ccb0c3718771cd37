import type { Channel } from '../../conversation/channel.js'

/**
 * Whether the channel's token is that of an Instagram login. Such a token ends after 60 days, and can be refreshed. Those
 * of Pages, of Instagram accounts behind a Page, and of system users belong to graph.facebook.com, and have no such call.
 */
export function isInstagramLogin({ platform, token, graphUrl, sendAs, id }: Channel): boolean {
  return platform === 'instagram' && token !== null && sendAs === id && !isOfFacebook(new URL(graphUrl).hostname)
}

function isOfFacebook(host: string): boolean {
  return host === 'facebook.com' || host.endsWith('.facebook.com')
}
