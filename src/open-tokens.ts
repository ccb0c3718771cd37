import type { Config } from './config.js'
import type { Log, Store } from './engine/ports.js'
import type { Prober } from './engine/providers.js'
import type { Timers } from './engine/timers.js'
import { createTokens, type Tokens } from './engine/tokens/tokens.js'
import { createProber } from './meta/probe.js'
import { createTokenRefresher } from './meta/refresh-token.js'
import { createSeal } from './meta/seal.js'

/** The channels with the tokens that count, refreshed by Meta and sealed with the app secrets of the settings. */
export interface OpenedTokens extends Omit<Tokens, 'use'> {
  readonly prober: Prober
  /** Called after the settings were reloaded. */
  reload(config: Pick<Config, 'channels' | 'meta'>): void
}

export function openTokens(
  config: Pick<Config, 'channels' | 'meta'>,
  parts: {
    readonly store: Store
    /** Asked to look at channels whose tokens have changed. */
    readonly probe: (channelIds: readonly string[]) => void
    readonly log: Log
    readonly timers: Timers
  },
): OpenedTokens {
  let seal = createSeal(config.meta.appSecrets)
  const prober = createProber()
  const refresher = createTokenRefresher()
  const { use, ...tokens } = createTokens({
    ...parts,
    prober,
    refresher,
    seal: () => seal,
    configured: config.channels,
  })
  return {
    ...tokens,
    prober,
    reload({ channels, meta }) {
      seal = createSeal(meta.appSecrets)
      use(channels)
    },
  }
}
