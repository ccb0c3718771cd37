import type { Channel } from './shapes.js'
import { ago, counted } from './time.js'

/** Whether a page works, what is wrong, and what to do. */

export interface PageHealth {
  readonly mood: 'good' | 'unknown' | 'bad'
  readonly words: string
  readonly advice: string | null
}

const DAY_MS = 24 * 3_600_000
/** A token that expires within this time is shown as a warning. */
const SOON_MS = 7 * DAY_MS

export function healthOf(channel: Channel, now: number): PageHealth {
  const { connected, last_error, token_expires_at } = channel
  if (connected === false) return { mood: 'bad', ...troubleOf(last_error?.code ?? '') }
  const left = token_expires_at === null ? null : Date.parse(token_expires_at) - now
  if (left !== null && left < SOON_MS) {
    return {
      mood: 'bad',
      words: left < 0 ? 'Its token has ended.' : `Its token ends in ${counted(Math.floor(left / DAY_MS), 'day')}.`,
      advice: 'Get a new token, and put it into the settings.',
    }
  }
  if (connected === null) return { mood: 'unknown', words: 'Its token has not been tried yet.', advice: null }
  if (channel.last_inbound_at === null) {
    return {
      mood: 'unknown',
      words: 'Its token works. Nothing has come in yet.',
      advice:
        'Write to the page from another account; if nothing shows here, look at the webhook’s subscriptions in the Meta app.',
    }
  }
  return { mood: 'good', words: 'Works', advice: null }
}

function troubleOf(code: string): { readonly words: string; readonly advice: string } {
  const main = code.split('/')[0]
  if (main === '190') {
    return {
      words: `Meta does not accept its token any more (${code}).`,
      advice: 'Get a new token, put it into the settings, and reload them. Then send the dead letters again.',
    }
  }
  if (main === '200' || main === '10') {
    return {
      words: `Its token lacks a permission (${code}).`,
      advice: 'Grant messaging to the app again, and put the new token into the settings.',
    }
  }
  if (code === 'no_token') {
    return { words: 'It has no token.', advice: 'Put one into the settings: without it nothing can be sent.' }
  }
  return {
    words: code === '' ? 'It does not work.' : `Meta refuses it (${code}).`,
    advice: 'Look at the router’s log for this page, and up the code in Meta’s documentation.',
  }
}

export function whenInWords(at: string | null, now: number): string {
  return at === null ? 'never' : ago(now - Date.parse(at))
}

export function modeInWords(mode: Channel['mode']): string {
  return mode === 'on' ? 'The bot answers' : mode === 'off' ? 'The bot is off' : 'The bot answers testers only'
}
