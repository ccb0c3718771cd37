import { Agent, request } from 'undici'
import type { Channel } from '../conversation/channel.js'
import type { FoundProfile, ProfileFinder } from '../engine/outside.js'
import { textAt } from './content.js'
import { parsed } from './send-outcome.js'

/** Who a customer is, as far as Meta tells: it takes their consent, and every part of it may be missing. */

const FIELDS = {
  instagram: 'name,username,profile_pic',
  facebook: 'first_name,last_name,name,profile_pic',
} as const

const MOST_BODY = 65_536
const MOST_CONNECTIONS = 8
const MOST_NAME = 200
const MOST_URL = 4_096

export function createProfileFinder({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): ProfileFinder {
  const agent = new Agent({ connections: MOST_CONNECTIONS, maxResponseSize: MOST_BODY })
  return {
    async find(channel, userId) {
      if (channel.token === null) return null
      try {
        const headers = { authorization: `Bearer ${channel.token}` }
        const signal = AbortSignal.timeout(timeoutMs)
        const answer = await request(urlFor(channel, userId), { dispatcher: agent, headers, signal })
        const body = await answer.body.text()
        return answer.statusCode === 200 ? profileIn(body) : null
      } catch {
        return null
      }
    },
    // Nobody waits for what is under way.
    close: () => agent.destroy(),
  }
}

function urlFor(channel: Channel, userId: string): string {
  return `${channel.graphUrl.replace(/\/+$/, '')}/${userId}?fields=${FIELDS[channel.platform]}`
}

export function profileIn(body: string): FoundProfile | null {
  const told = parsed(body)
  if (told === null || told['error'] !== undefined) return null
  const parts = [textAt(told, 'first_name', MOST_NAME), textAt(told, 'last_name', MOST_NAME)].filter(Boolean)
  return {
    name: textAt(told, 'name', MOST_NAME) ?? (parts.length > 0 ? parts.join(' ') : null),
    username: textAt(told, 'username', MOST_NAME),
    picture: textAt(told, 'profile_pic', MOST_URL),
  }
}
