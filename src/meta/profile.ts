import type { FoundProfile, ProfileFinder } from '../engine/providers.js'
import { textAt } from './content.js'
import { createGraphGet } from './graph-get.js'
import { parsed } from './send-outcome.js'

/** Reads a customer's profile. Meta requires the customer's consent, and any field may be missing. */

const FIELDS = {
  instagram: 'name,username,profile_pic',
  facebook: 'first_name,last_name,name,profile_pic',
} as const

const MOST_NAME = 200
const MOST_URL = 4_096

export function createProfileFinder(options: { readonly timeoutMs?: number } = {}): ProfileFinder {
  const graph = createGraphGet(options)
  return {
    async find({ graphUrl, token, platform }, userId) {
      if (token === null) return null
      const told = await graph.get(graphUrl, `${userId}?fields=${FIELDS[platform]}`, token)
      return told.is === 'told' && told.status === 200 ? profileIn(told.body) : null
    },
    close: graph.close,
  }
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
