import type { ConversationId } from '../../conversation/ids.js'
import { type FeedEntry, type Log, RouterError, type StopListening, type Store } from '../../engine/ports.js'
import type { ApiKeys } from '../edge/api-keys.js'
import { createRender } from './frame.js'
import { createReadPage, shared } from './missed-entries.js'
import { createLiveClient, type LiveBounds, type LiveClient } from './subscriber.js'

/** All WebSocket clients, and the single subscription to the store's feed that they share. */
export interface LiveHub {
  /** Reserves a place and subscribes to live frames; resolves when the first page of the client's backlog is read. */
  enter(key: string, id: ConversationId | null, after: string | null): Promise<LiveClient>
  /** The client's connection has closed: frees its place. */
  leave(client: LiveClient): void
  readonly size: number
  close(): void
}

interface Listening {
  readonly opened: Promise<StopListening>
  end(): void
}

const COME_AGAIN_MS = 10_000

export function createLiveHub(parts: {
  readonly store: Pick<Store, 'listen' | 'readFeed' | 'now'>
  readonly channelOf: Parameters<typeof createRender>[0]
  readonly apiKeys: ApiKeys
  readonly log: Log
  readonly bounds: LiveBounds
}): LiveHub {
  const { store, apiKeys, log, bounds } = parts
  const render = createRender(parts.channelOf, store.now)
  const read = createReadPage(store, render)
  /** All clients with a place, including those that were told to close and have not yet. */
  const all = new Set<LiveClient>()
  const onEverything = new Set<LiveClient>()
  const byConversation = new Map<ConversationId, Set<LiveClient>>()
  let listening: Listening | null = null
  let heartbeat: NodeJS.Timeout | undefined
  let isClosed = false

  function tell(entry: FeedEntry): void {
    const onThis = byConversation.get(entry.state.id)
    if (onThis === undefined && onEverything.size === 0) return
    const bytes = render(entry)
    if (bytes === null) return
    for (const client of onEverything) client.take(entry.cursor, bytes)
    if (onThis !== undefined) for (const client of onThis) client.take(entry.cursor, bytes)
  }

  function catchAllUp(): void {
    const together = shared(read)
    for (const client of onEverything) client.fallBehind(together)
    for (const clients of byConversation.values()) for (const client of clients) client.fallBehind(together)
  }

  function listen(): Listening {
    // Set before unsubscribing: events of the old subscription must not reach clients that joined after it.
    let isOn = true
    const opened = (async () =>
      store.listen({
        entry(entry) {
          if (isOn) tell(entry)
        },
        broken() {
          if (isOn) catchAllUp()
        },
      }))()
    return {
      opened,
      end() {
        isOn = false
        // A subscription that failed to start needs no ending; `enter` reports the failure.
        opened.then(
          (stop) => stop(),
          () => {},
        )
      },
    }
  }

  function add(client: LiveClient): void {
    all.add(client)
    heartbeat ??= setInterval(() => {
      for (const each of all) each.beat()
    }, bounds.heartbeatMs)
    if (client.id === null) onEverything.add(client)
    else {
      const clients = byConversation.get(client.id) ?? new Set()
      byConversation.set(client.id, clients.add(client))
    }
  }

  function unsubscribe(client: LiveClient): void {
    if (client.id === null) {
      onEverything.delete(client)
      return
    }
    const clients = byConversation.get(client.id)!
    clients.delete(client)
    if (clients.size === 0) byConversation.delete(client.id)
  }

  function leave(client: LiveClient): void {
    client.leave()
    all.delete(client)
    if (all.size > 0) return
    clearInterval(heartbeat)
    heartbeat = undefined
    deafen()
  }

  function deafen(): void {
    listening?.end()
    listening = null
  }

  apiKeys.onReplaced(() => {
    for (const client of all) if (!apiKeys.has(client.key)) client.close(1008, 'the token is no longer valid')
  })

  return {
    async enter(key, id, after) {
      if (isClosed) throw new RouterError('draining', 'This process is shutting down.')
      // No await may follow until the client is in the list of those that close with their token.
      if (!apiKeys.has(key)) throw new RouterError('unauthorized', 'The token is no longer valid.')
      if (all.size >= bounds.clients) {
        throw new RouterError('rate_limited', 'There are as many live clients as one process takes.', {
          retryAfterMs: COME_AGAIN_MS,
        })
      }
      const client: LiveClient = createLiveClient({
        id,
        key,
        after,
        read,
        bounds,
        now: () => performance.now(),
        onOver: () => unsubscribe(client),
        onUnreadable: ({ message }) =>
          log.warn({ conversation_id: id, reason: message }, 'a live client cannot be told what it missed'),
      })
      add(client)
      listening ??= listen()
      const heard = listening
      try {
        await heard.opened
        await client.prepare()
      } catch (error) {
        leave(client)
        throw error
      }
      return client
    },
    leave,
    get size() {
      return all.size
    },
    close() {
      isClosed = true
      for (const client of all) client.close(1001, 'shutting down')
      deafen()
      // Clients that were told to close earlier and have not must not delay the shutdown either.
      setTimeout(() => {
        for (const client of all) client.cutOff()
      }, bounds.shutdownMs).unref()
    },
  }
}
