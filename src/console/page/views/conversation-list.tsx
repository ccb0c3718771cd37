import { useRef } from 'preact/hooks'
import { type Filters, isFiltered, NO_FILTERS, nameOf } from '../../view/list.js'
import type { Conversation } from '../../view/shapes.js'
import { createCalendar } from '../../view/time.js'
import { previewOf } from '../../view/words.js'
import { Avatar } from '../parts/avatar.js'
import { BotBadge } from '../parts/bot-badge.js'
import { Icon } from '../parts/icons.js'
import { memo } from '../parts/memo.js'
import { PageChoice } from '../parts/page-choice.js'
import { channels, filters, isListLoaded, list, listProblem, loadMore } from '../state.js'

const calendar = createCalendar()
const NEAR_END_PX = 800

export function ConversationList({ openId }: { readonly openId: string | null }) {
  const { conversations, next } = list.value
  const moved = useRef<HTMLUListElement>(null)

  function onScroll(event: Event): void {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget as HTMLElement
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) loadMore()
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    const links = [...moved.current!.querySelectorAll('a')]
    const to = links[links.indexOf(document.activeElement as HTMLAnchorElement) + step]
    if (to === undefined) return
    event.preventDefault()
    to.focus()
  }

  return (
    <section class="list" aria-label="Conversations">
      {openId === null && <h1 class="unseen">Conversations</h1>}
      <FilterBar />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows only move between its links */}
      <div class="scroll" onScroll={onScroll} onKeyDown={onKeyDown}>
        {conversations.length === 0 && <NoConversations />}
        <ul ref={moved}>
          {conversations.map((each) => (
            <Row key={each.id} of={each} isOpen={each.id === openId} />
          ))}
        </ul>
        {next !== null && (
          <button type="button" class="button plain more" onClick={loadMore}>
            Show more
          </button>
        )}
      </div>
    </section>
  )
}

const ONLY: readonly (readonly [Filters['only'], string])[] = [
  ['all', 'All'],
  ['paused', 'With a person'],
  ['on', 'With the bot'],
  ['waiting', 'Waiting'],
  ['dead', 'Dead letters'],
  ['closed', 'Closed'],
]
const TYPING_MS = 250
let typing: ReturnType<typeof setTimeout> | undefined

function FilterBar() {
  const { q, page, only } = filters.value
  const set = (change: Partial<Filters>): void => {
    filters.value = { ...filters.value, ...change }
  }
  return (
    <search class="filters">
      <div class="search">
        <Icon name="search" />
        <input
          type="search"
          aria-label="Search by name or id"
          placeholder="Name or id"
          value={q}
          onInput={({ currentTarget }) => {
            clearTimeout(typing)
            const { value } = currentTarget
            typing = setTimeout(() => set({ q: value }), TYPING_MS)
          }}
        />
      </div>
      <div class="selects">
        <select
          aria-label="Which conversations"
          value={only}
          onChange={({ currentTarget }) => set({ only: currentTarget.value as Filters['only'] })}
        >
          {ONLY.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <PageChoice page={page} onChoice={(chosen) => set({ page: chosen })} />
      </div>
    </search>
  )
}

function NoConversations() {
  if (listProblem.value !== null && listProblem.value.status !== 0) {
    return <p class="nothing">{listProblem.value.message}</p>
  }
  if (!isListLoaded.value) return <p class="nothing">Loading …</p>
  if (!isFiltered(filters.value)) {
    return <p class="nothing">Nobody has written yet. As soon as a customer does, it shows here.</p>
  }
  return (
    <div class="nothing">
      <p>No conversation is like that.</p>
      <button
        type="button"
        class="button"
        onClick={() => {
          filters.value = NO_FILTERS
        }}
      >
        Show all
      </button>
    </div>
  )
}

const Row = memo(({ of, isOpen }: { readonly of: Conversation; readonly isOpen: boolean }) => {
  const { last_message: last, last_message_at: at, waiting } = of
  const channel = channels.value.length > 1 ? channels.value.find(({ id }) => id === of.page_id) : undefined
  return (
    <li>
      <a href={`#/c/${of.id}`} aria-current={isOpen ? 'true' : undefined}>
        <Avatar of={of} />
        <span class="row-name">
          <bdi>{nameOf(of)}</bdi>
        </span>
        <span class="row-time">{at !== null && calendar.brief(Date.parse(at), Date.now())}</span>
        <span class="row-last" dir="auto">
          {last ? previewOf(last) : ' '}
        </span>
        <span class="row-badges">
          <BotBadge of={of} />
          {waiting > 0 && (
            <span class="badge waiting">
              <Icon name="clock" /> {waiting} waiting
            </span>
          )}
          {channel !== undefined && <span class="row-page">{channel.name ?? channel.id}</span>}
        </span>
      </a>
    </li>
  )
})
