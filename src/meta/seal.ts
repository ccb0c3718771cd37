import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Opened, Seal } from '../engine/providers.js'

/**
 * Encrypts with AES-256-GCM and a key derived from an app secret. The first secret closes, any of them opens: secrets are
 * rotated as those that verify signatures are.
 */

const VERSION = 'v1.'
const INFO = 'message-router: sealed token, v1'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function createSeal(appSecrets: readonly string[]): Seal {
  const keys = appSecrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', INFO, KEY_BYTES)))

  return {
    close(channelId, text) {
      const nonce = randomBytes(NONCE_BYTES)
      // The start is refused without an app secret.
      const cipher = createCipheriv('aes-256-gcm', keys[0]!, nonce).setAAD(boundTo(channelId))
      const closed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), closed]).toString('base64url')
    },
    open(channelId, sealed) {
      if (!sealed.startsWith(VERSION)) return null
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
      for (const key of keys) {
        const text = openedWith(key, channelId, bytes)
        if (text !== null) return { text, isOld: key !== keys[0] } satisfies Opened
      }
      return null
    },
  }
}

function openedWith(key: Buffer, channelId: string, bytes: Buffer): string | null {
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
  const options = { authTagLength: TAG_BYTES }
  const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), options)
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
  return Buffer.from(VERSION + channelId)
}
