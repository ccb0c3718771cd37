import type { NotificationType, NotifyTarget } from '../conversation/channel.js'
import { keyOf } from './sign.js'

/** The notification targets of the settings: one for all channels, and one per channel. */
export interface Targets {
  /** The targets for events of a channel, without those that are switched off. */
  of(channelId: string): readonly Target[]
  /** Null when the current settings have no target of that name. */
  get(name: string): Target | null
  isOff(name: string): boolean
  /** Switches a target off until the next reload. */
  switchOff(name: string): void
  /** Called after the settings were reloaded. */
  reload(): void
  /** The settings have at least one target. */
  readonly isUsed: boolean
}

export interface Target {
  /**
   * Stored with each notification. After a change of the URL the target's undelivered notifications go to the new
   * one.
   */
  readonly name: string
  readonly url: string
  /** The part of the URL that may be logged. */
  readonly host: string
  readonly key: Buffer
  readonly events: ReadonlySet<NotificationType>
}

export interface NotifySettings {
  global(): NotifyTarget | null
  channel(id: string): { readonly notify: NotifyTarget | null } | undefined
  channelIds(): Iterable<string>
}

/** Cannot collide with a channel's id, which has only digits. */
const GLOBAL = 'global'

export function createTargets(settings: NotifySettings): Targets {
  const off = new Set<string>()
  let global: Target | null
  let own: Map<string, Target>
  let byChannel: Map<string, readonly Target[]>

  function read(): void {
    const given = settings.global()
    global = given && targetOf(GLOBAL, given)
    own = new Map()
    byChannel = new Map()
    for (const id of settings.channelIds()) {
      const target = settings.channel(id)?.notify
      if (target) own.set(id, targetOf(id, target))
    }
  }

  function toldOf(channelId: string): readonly Target[] {
    const channels = own.get(channelId) ?? null
    // When both targets have the same URL only the channel's is used, with its own choice of events.
    const all = channels !== null && channels.url === global?.url ? [channels] : [global, channels]
    return all.filter((target) => target !== null).filter(({ name }) => !off.has(name))
  }

  read()
  return {
    of(channelId) {
      const known = byChannel.get(channelId)
      if (known !== undefined) return known
      const targets = toldOf(channelId)
      byChannel.set(channelId, targets)
      return targets
    },
    get: (name) => (name === GLOBAL ? global : (own.get(name) ?? null)),
    isOff: (name) => off.has(name),
    switchOff(name) {
      off.add(name)
      byChannel.clear()
    },
    reload() {
      off.clear()
      read()
    },
    get isUsed() {
      return global !== null || own.size > 0
    },
  }
}

function targetOf(name: string, { url, secret, events }: NotifyTarget): Target {
  return { name, url, host: new URL(url).host, key: keyOf(secret), events: new Set(events) }
}
