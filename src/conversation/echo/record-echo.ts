import type { Policy } from '../channel.js'
import type { Echo, Reported } from '../event.js'
import { contentKey, echoTime, expectEcho, sentWithId, sentWithoutId } from '../expected/expected-echoes.js'
import { withoutCause } from '../pause/pause.js'
import { weSpoke } from '../state/asked-texts.js'
import { CAPS } from '../state/caps.js'
import { changed } from '../state/changed.js'
import { append, type Draft, rewrite } from '../state/draft.js'
import { authorOf, type Evidence, type Message, type MessageType, UNNAMED_SOURCE } from '../state/message.js'
import { added, type Conversation, type DatedMessage, kept } from '../state/state.js'
import { personSpokeEarlier } from '../takeover/earlier.js'
import { personSpoke, takesOver } from '../takeover/takeover.js'
import { undoTakeover } from '../takeover/undo.js'
import { arrived } from './arrived.js'
import { accountFor, claimForProgram } from './displaced.js'
import { type KnownId, whoWrote } from './who-wrote.js'

/** Records messages of the shop's side, from an echo or from the report of the program that sent them. */

export interface Heard {
  readonly message: Message | null
  readonly type: MessageType
  readonly evidence: Evidence
  readonly isOurs: boolean
}

export function hearEcho(draft: Draft, echo: Echo, known: KnownId): Heard {
  const { policy, now } = draft
  const isBackfill = echo.via === 'backfill'
  const found = whoWrote(draft.state, echo, known, policy, now)
  draft.state = weSpoke(found.state)
  const { type, evidence } = found
  if (found.is === 'ours') {
    const message = found.message === null ? null : confirm(draft, found.message, echo, evidence)
    if (found.run !== null && message !== null) {
      const { seq, at } = message
      accountFor(draft, found.run, { seq, text: echo.text, heardAt: echoTime(echo, now), raisedBy: at })
    }
    return { message, type, evidence, isOurs: true }
  }
  const message = append(draft, echo, { type, status: 'sent', reason: null, evidence, source: null, fromApp: false })
  draft.state = {
    ...draft.state,
    // An old one must not be claimed by what is reported with the same text now.
    unclaimed: added(draft.state.unclaimed, { message, at: isBackfill ? message.at : now }, CAPS.unclaimed),
  }
  if (found.run !== null) {
    const { seq, text, at } = message
    accountFor(draft, found.run, { seq, text, heardAt: echoTime(echo, now), raisedBy: at })
  }
  if (type === 'support' && takesOver(draft, echo.at)) {
    if (isBackfill) personSpokeEarlier(draft, message)
    else personSpoke(draft, message, 'human_echo')
  }
  return { message, type, evidence, isOurs: false }
}

function confirm(draft: Draft, message: Message, echo: Echo, evidence: Evidence): Message {
  // The message was reported by its id only; the echo brings its content.
  const said = contentKey(message) === null && message.outcome.deletedAt === 0 ? echo : message
  const { kind, text, attachments } = said
  const mid = message.mid ?? echo.mid
  const confirmed = changed(message, { kind, text, attachments, status: 'sent', reason: null, mid, evidence })
  rewrite(draft, confirmed)
  arrived(draft, message.seq)
  return confirmed
}

/** Returns the message, and whether its echo had come before the report. */
export function hearReport(
  draft: Draft,
  report: Reported,
  known: Message | null,
): { readonly message: Message; readonly matched: boolean } {
  const { policy, now } = draft
  const byId = openWithId(draft.state, report.mid) ?? (known?.type === 'customer' ? null : known)
  if (byId?.origin.fromApp) return { message: byId, matched: byId.origin.evidence !== null }
  const heard = byId ?? unclaimedWithContent(draft.state, report, policy, now)
  if (heard !== null) return { message: claim(draft, report, heard), matched: true }
  const open = report.mid === null || known !== null ? null : sentWithoutId(draft.state, report, now)
  if (open !== null) return { message: complete(draft, report, open), matched: false }
  // The id belongs to a customer's message: the report's id is wrong and is ignored.
  const content = known === null ? report : { ...report, mid: null }
  draft.state = weSpoke(draft.state)
  const message = append(draft, content, {
    type: report.type,
    status: 'sent',
    reason: null,
    evidence: null,
    source: report.source,
    fromApp: true,
  })
  draft.state = expectEcho(draft.state, message, now + policy.echoTtlMs)
  if (message.type === 'support') personSpoke(draft, message, 'support_message')
  return { message, matched: false }
}

/** The message was reported before it was sent; this report adds Meta's id. */
function complete(draft: Draft, report: Reported, reported: Message): Message {
  const named = reported.origin.source
  const message = changed(reported, { mid: report.mid, source: named === UNNAMED_SOURCE ? report.source : named })
  rewrite(draft, message)
  return message
}

/** The message's echo came before the report and was attributed to somebody else. */
function claim(draft: Draft, report: Reported, heard: Message): Message {
  const byId = report.mid !== null && heard.mid === report.mid
  const { type, source } = report
  const message = changed(heard, { type, source, fromApp: true, evidence: byId ? 'message_id' : 'text' })
  draft.state = { ...draft.state, unclaimed: kept(draft.state.unclaimed, (each) => each.message.seq !== heard.seq) }
  rewrite(draft, message)
  if (message.type === 'support') {
    draft.state = withoutCause(draft.state, heard.seq)
    if (takesOver(draft, heard.at)) personSpoke(draft, message, 'support_message')
  } else {
    claimForProgram(draft, heard, message)
    undoTakeover(draft, heard.seq)
  }
  return message
}

/** Searches the state, since a channel may keep no history. */
function openWithId(state: Conversation, mid: string | null): Message | null {
  if (mid === null) return null
  const echoed = state.unclaimed.find((each) => each.message.mid === mid)
  return echoed?.message ?? sentWithId(state, mid)?.message ?? null
}

function unclaimedWithContent(state: Conversation, report: Reported, policy: Policy, now: number): Message | null {
  const content = contentKey(report)
  if (content === null) return null
  const isRecent = ({ at }: DatedMessage): boolean => now - at < policy.echoTtlMs
  const alike = state.unclaimed.filter((each) => isRecent(each) && contentKey(each.message) === content)
  // A person may have written the same text: prefer an echo attributed as the report says.
  const agreeing = alike.find((each) => authorOf(each.message.type) === authorOf(report.type))
  return (agreeing ?? alike[0])?.message ?? null
}
