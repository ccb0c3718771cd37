import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Seal } from '../engine/providers.js'

/**
 * Encrypts with AES-256-GCM and keys derived from the app secrets: a copy for each, so that any of them opens it, and any of
 * them may go when secrets are rotated.
 */

const VERSION = 'v1'
const INFO = 'message-router: sealed token, v1'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function createSeal(appSecrets: readonly string[]): Seal {
  const keys = appSecrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', INFO, KEY_BYTES)))

  return {
    close: (channelId, text) => [VERSION, ...keys.map((key) => closedWith(key, channelId, text))].join('.'),
    open(channelId, sealed) {
      const [version, ...copies] = sealed.split('.')
      if (version !== VERSION) return null
      const texts = keys.map((key) => textFor(key, channelId, copies))
      const known = texts.filter((text) => text !== null)
      const [text] = known
      if (text === undefined) return null
      return { text, lacksAKey: known.length < keys.length, hasOtherKeys: copies.length > known.length }
    },
  }
}

function closedWith(key: Buffer, channelId: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(channelId))
  const closed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), closed]).toString('base64url')
}

/** The text of the copy that this key opens; null where there is none. */
function textFor(key: Buffer, channelId: string, copies: readonly string[]): string | null {
  for (const copy of copies) {
    const text = openedWith(key, channelId, Buffer.from(copy, 'base64url'))
    if (text !== null) return text
  }
  return null
}

function openedWith(key: Buffer, channelId: string, bytes: Buffer): string | null {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
  const [nonce, tag] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)]
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(boundTo(channelId)).setAuthTag(tag)
  try {
    return Buffer.concat([cipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), cipher.final()]).toString('utf8')
  } catch {
    // The tag does not fit: another key, another channel, or a changed text.
    return null
  }
}

/** So that the record of one channel cannot be put in the place of another's. */
function boundTo(channelId: string): Buffer {
  return Buffer.from(`${VERSION}.${channelId}`)
}
