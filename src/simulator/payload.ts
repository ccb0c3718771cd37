import { randomUUID } from 'node:crypto'

/** Builds a webhook's body like Meta's. */
export interface Written {
  readonly platform: 'instagram' | 'facebook'
  readonly page: string
  readonly user: string
  readonly text?: string | undefined
  /** Written by the shop. */
  readonly echo?: boolean | undefined
  /** The URL of a shared post. */
  readonly share?: string | undefined
  readonly attachments?: readonly unknown[] | undefined
  /** The metadata of the sending program. */
  readonly metadata?: string | undefined
  readonly mid?: string | undefined
  readonly appId?: string | undefined
  readonly timestamp: number
}

export function payloadOf(written: Written) {
  const { platform, page, user, text, echo = false, share, attachments, metadata, appId, timestamp } = written
  const [sender, recipient] = echo ? [page, user] : [user, page]
  const message = {
    mid: written.mid ?? `m_${randomUUID()}`,
    ...(text === undefined ? {} : { text }),
    ...(share === undefined ? {} : { attachments: [{ type: 'share', payload: { url: share } }] }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(echo ? { is_echo: true } : {}),
    ...(appId === undefined ? {} : { app_id: appId }),
  }
  const item = { sender: { id: sender }, recipient: { id: recipient }, timestamp, message }
  const object = platform === 'facebook' ? 'page' : 'instagram'
  return { object, entry: [{ id: page, time: timestamp, messaging: [item] }] }
}
