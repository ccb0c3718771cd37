import type { Channel } from '../conversation/channel.js'
import { decide } from '../conversation/decide.js'
import type { Event } from '../conversation/event.js'
import type { ConversationId } from '../conversation/ids.js'
import { isSilent, newConversation } from '../conversation/state/state.js'
import type { VerdictOf } from '../conversation/verdict.js'
import { createInTurn } from './in-turn.js'
import { andThen, type MaybePromise } from './maybe-promise.js'
import {
  type Find,
  NO_NOTIFICATIONS,
  type Notifier,
  type OnCommit,
  type Question,
  type Receive,
  type Received,
  RouterError,
  type Store,
} from './ports.js'

/** Each conflict means that another event was committed; this many in a row on one conversation is a fault. */
const MOST_ATTEMPTS = 100
/**
 * How long after its commit a decision may be carried out. A process may be suspended between the two (garbage
 * collection, a frozen container) and then not know what another process has committed meanwhile.
 */
const FRESH_MS = 500

/** Loads, decides and commits an event; on a conflict starts over. */
export function createReceive(parts: {
  readonly store: Store
  readonly onCommit: OnCommit
  /** Composes the notifications of a decision; without it there are none. */
  readonly compose?: Notifier['compose']
}): Receive {
  const { store, onCommit, compose = () => NO_NOTIFICATIONS } = parts
  const inTurn = createInTurn()

  function attempt<E extends Event>(
    id: ConversationId,
    channel: Channel,
    event: E,
    question: Question,
    left: number,
    mustBeFresh: boolean,
  ): MaybePromise<Received<VerdictOf<E>>> {
    return andThen(mustBeFresh ? store.loadFresh(id, question) : store.load(id, question), (loaded) => {
      const now = store.now()
      const before = loaded.state ?? newConversation(id, now)
      const decision = decide(before, event, loaded.known, channel.policy, now)
      const { verdict, onTheWire } = decision
      const state = decision.state ?? before
      // A redelivery may come after an erasure, which it does not undo.
      const isNew = !loaded.known.isSeen && (loaded.state === null || isSilent(loaded.state))
      const received = { verdict, state, isNew, freshUntil: now + FRESH_MS, onTheWire }
      if (loaded.known.isSeen) return received
      // A wake-up is committed even if it changes nothing: the due index held a wrong time for it, which the commit
      // corrects.
      const isWritten = decision.state !== null || (event.is === 'wake' && loaded.state !== null)
      if (!isWritten && question.key === null && decision.ownId === null) {
        // Without a commit nothing checks the version: if the state came from this process's cache, decide again on a
        // fresh one.
        return loaded.isFresh ? received : attempt(id, channel, event, question, left, true)
      }
      const isOurs = verdict.of === 'item' && verdict.evidence === 'message_id'
      const notifications = isWritten ? compose(channel, before, state, decision.records, now) : NO_NOTIFICATIONS
      const committed = store.commit(id, loaded.version, {
        state: isWritten ? state : null,
        records: decision.records,
        notices: decision.notices,
        notifications,
        key: question.key,
        notOurs: question.find?.is === 'ours' && !isOurs ? question.find.mid : null,
        ownId: decision.ownId,
        dueAt: decision.dueAt,
        keepUntil: decision.keepUntil,
        historyTtlMs: channel.policy.historyTtlMs,
      })
      return andThen(committed, (outcome) => {
        if (outcome === 'committed') {
          onCommit(state, decision.dueAt, { before, event, decision, policy: channel.policy, now, notifications })
          return received
        }
        if (left === 0) {
          throw new RouterError('conflict', 'The conversation kept changing; please send the request again.')
        }
        return attempt(id, channel, event, question, left - 1, false)
      })
    })
  }

  return (id, channel, event, key) =>
    inTurn(id, () => attempt(id, channel, event, { key, find: findFor(event) }, MOST_ATTEMPTS, false))
}

function findFor(event: Event): Find | null {
  switch (event.is) {
    case 'message':
      return event.mid === null || !event.isSelf ? null : { is: 'ours', mid: event.mid }
    case 'echo':
      return event.mid === null ? null : { is: 'ours', mid: event.mid }
    case 'reported':
      return event.mid === null ? null : { is: 'recent', mid: event.mid }
    case 'edit':
    case 'delete':
    case 'reaction':
      return { is: 'mid', mid: event.mid }
    case 'read':
      return event.mid === null ? { is: 'read_up_to', at: event.at } : { is: 'mid', mid: event.mid }
    case 'feedback':
    case 'transcribed':
      return { is: 'seq', seq: event.seq }
    default:
      return null
  }
}
