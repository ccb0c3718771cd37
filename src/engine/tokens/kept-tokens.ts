import type { Log, Store } from '../ports.js'
import type { Opened, Seal } from '../providers.js'
import { decodeRecord, encodeRecord, type TokenRecord } from './token-record.js'

/** The records of refreshed tokens in the store, as this process last read or wrote them. */
export interface KeptTokens {
  /** Null for none. */
  of(channelId: string): TokenRecord | null
  /** Rejects while the store is out of reach. */
  read(channelId: string): Promise<void>
  /** False where another process has changed the record; read it then. */
  replace(channelId: string, record: TokenRecord): Promise<boolean>
  /** Called after the app secrets were reloaded: closes with the new ones what this process knows. */
  resealAll(): Promise<void>
}

interface Known {
  /** The store's text, to which the next replacement refers. */
  readonly sealed: string | null
  readonly record: TokenRecord | null
  /** The store should have the record closed anew. */
  readonly isOwed: boolean
}

const NOTHING: Known = { sealed: null, record: null, isOwed: false }

export function createKeptTokens(parts: {
  readonly store: Pick<Store, 'tokens'>
  /** That of the current app secrets. */
  readonly seal: () => Seal
  readonly log: Log
}): KeptTokens {
  const { store, seal, log } = parts
  const known = new Map<string, Known>()
  const knownOf = (channelId: string): Known => known.get(channelId) ?? NOTHING

  function open(channelId: string, sealed: string): (Opened & { readonly record: TokenRecord }) | null {
    const opened = seal().open(channelId, sealed)
    const record = opened === null ? null : decodeRecord(opened.text)
    return record === null ? null : { ...opened!, record }
  }

  function take(channelId: string, sealed: string | null): void {
    const { record } = knownOf(channelId)
    if (sealed === null) {
      // The store was emptied, or a failover lost the write.
      known.set(channelId, { sealed, record, isOwed: true })
      return
    }
    const opened = open(channelId, sealed)
    if (opened === null) log.warn({ channel: channelId }, NOT_OPENED)
    // That others open it too is no reason: a replica with other secrets would close it anew in turns with this one.
    known.set(channelId, { sealed, record: opened?.record ?? record, isOwed: opened?.lacksAKey === true })
  }

  /** A failure is no harm: the next read tries again. */
  async function payBack(channelId: string): Promise<void> {
    const { record, isOwed } = knownOf(channelId)
    if (isOwed && record !== null) await replace(channelId, record).catch(ignore)
  }

  async function replace(channelId: string, record: TokenRecord): Promise<boolean> {
    const before = knownOf(channelId)
    const sealed = seal().close(channelId, encodeRecord(record))
    if (!(await store.tokens.replace(channelId, before.sealed, sealed))) return false
    known.set(channelId, { sealed, record, isOwed: false })
    return true
  }

  return {
    of: (channelId) => knownOf(channelId).record,
    async read(channelId) {
      const before = knownOf(channelId)
      const sealed = await store.tokens.read(channelId)
      // Replaced meanwhile: the answer may be older.
      if (knownOf(channelId) !== before) return
      if (sealed !== before.sealed) take(channelId, sealed)
      await payBack(channelId)
    },
    replace,
    async resealAll() {
      for (const [channelId, { sealed, record }] of known) {
        const opened = sealed === null ? null : open(channelId, sealed)
        const isExact = opened !== null && !opened.lacksAKey && !opened.hasOtherKeys
        // Where no secret is left that opens it, this process still has what was in it.
        known.set(channelId, { sealed, record: opened?.record ?? record, isOwed: !isExact })
        await payBack(channelId)
      }
    },
  }
}

const NOT_OPENED =
  'the refreshed token in the store cannot be opened with META_APP_SECRETS, so that of the settings is used: to have it back, ' +
  'put the secret of before beside the new one, by SIGHUP or a restart'

function ignore(): void {}
