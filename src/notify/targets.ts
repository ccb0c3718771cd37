import type { NotifyTarget } from '../conversation/channel.js'
import type { NotificationType } from '../conversation/notifications.js'
import { keyOf } from './sign.js'

/** Where notifications go: the target of all channels, and those of single ones. */
export interface Targets {
  /** Who is told of a channel; those that are switched off are left out. */
  of(channelId: string): readonly Target[]
  /** Null: the settings have none of that name now. */
  get(name: string): Target | null
  isOff(name: string): boolean
  /** Until the next reload. */
  switchOff(name: string): void
  /** The settings are others now. */
  reload(): void
  /** There is any. */
  readonly isUsed: boolean
}

export interface Target {
  /** What it is called beside its notifications: a changed address gets what the old one did not take. */
  readonly name: string
  readonly url: string
  /** All of its address that may stand in a log. */
  readonly host: string
  readonly key: Buffer
  readonly events: ReadonlySet<NotificationType>
}

export interface NotifySettings {
  global(): NotifyTarget | null
  channel(id: string): { readonly notify: NotifyTarget | null } | undefined
  channelIds(): Iterable<string>
}

/** No channel is called that: their ids are digits. */
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
    // One address is not told twice: the channel says what it wants to hear.
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
