import type { Log } from '../../engine/ports.js'
import { type Client, connect } from './connect.js'
import { warnOfEviction } from './eviction.js'

/** Whether the Redis of the settings answers, without keeping anything in it. */

export type Tried =
  | { readonly is: 'works'; readonly version: string; readonly warnings: readonly string[] }
  | { readonly is: 'fails'; readonly reason: string }

export async function tryRedis(url: string, timeoutMs = 5_000): Promise<Tried> {
  const warnings: string[] = []
  let reason = `no answer within ${timeoutMs / 1000} s`
  const nothing = (): void => {}
  const log: Log = {
    debug: nothing,
    info: nothing,
    error: nothing,
    warn(facts, words) {
      const told = (facts as { readonly reason?: string }).reason
      if (told !== undefined) reason = told
      else warnings.push(words)
    },
  }
  const client = connect(url, log)
  warnOfEviction(client, log)
  const tried = await within(timeoutMs, answered(client)).then(
    (version): Tried => (version === null ? { is: 'fails', reason } : { is: 'works', version, warnings }),
    (error: Error): Tried => ({ is: 'fails', reason: error.message }),
  )
  client.disconnect()
  return tried
}

async function answered(client: Client): Promise<string> {
  await new Promise<void>((resolve) => client.once('ready', () => resolve()))
  const told = await client.info('server')
  return told.replace(/^[\s\S]*redis_version:(\S+)[\s\S]*$/, '$1')
}

/** Null where it takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
