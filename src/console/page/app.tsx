import { notice } from './notice.js'
import { Icon, type IconName } from './parts/icons.js'
import { StatusLine } from './parts/status-line.js'
import { logOut, session } from './session.js'
import { brokenPages, deadLetters, hasMoreDead, route } from './state.js'
import { Conversations } from './views/conversations.js'
import { DeadLetters } from './views/dead-letters.js'
import { Login } from './views/login.js'
import { Pages } from './views/pages.js'
import { Pulse } from './views/pulse.js'

export function App() {
  if (session.value === null) return <Login />
  const { value: at } = route
  return (
    <div class="shell" data-reads={at.is === 'conversations' && at.id !== null ? 'thread' : 'list'}>
      <header class="bar">
        <a class="name" href="#/">
          <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M8 9.500A2.5 2.5 0 0 1 10.5 7h11A2.5 2.5 0 0 1 24 9.500v7a2.5 2.5 0 0 1-2.5 2.500H15l-5 5v-5.100A2.5 2.5 0 0 1 8 16.500z" />
          </svg>
          <span>Message router</span>
        </a>
        <nav aria-label="Main">
          <Place to="#/" icon="chat" name="Conversations" isHere={at.is === 'conversations'} />
          <Place
            to="#/dead-letters"
            icon="letter"
            name="Dead letters"
            isHere={at.is === 'dead-letters'}
            count={deadLetters.value.length}
            hasMore={hasMoreDead.value}
          />
          <Place to="#/pages" icon="pages" name="Pages" isHere={at.is === 'pages'} count={brokenPages.value.length} />
          <Place to="#/pulse" icon="pulse" name="Pulse" isHere={at.is === 'pulse'} />
        </nav>
        <StatusLine />
        <button type="button" class="button plain" aria-label="Log out" onClick={logOut}>
          <Icon name="out" /> <span class="wide">Log out</span>
        </button>
      </header>
      <main>
        {at.is === 'conversations' && <Conversations id={at.id} />}
        {at.is === 'dead-letters' && <DeadLetters />}
        {at.is === 'pages' && <Pages />}
        {at.is === 'pulse' && <Pulse />}
      </main>
      <Told />
    </div>
  )
}

interface PlaceProps {
  readonly to: string
  readonly icon: IconName
  readonly name: string
  readonly isHere: boolean
  readonly count?: number
  readonly hasMore?: boolean
}

function Place({ to, icon, name, isHere, count = 0, hasMore = false }: PlaceProps) {
  return (
    <a href={to} aria-current={isHere ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{name}</span>
      {count > 0 && (
        <span class="count">
          {count}
          {hasMore && '+'}
        </span>
      )}
    </a>
  )
}

function Told() {
  const { value } = notice
  return (
    <div class="told" role={value?.isBad ? 'alert' : 'status'}>
      {value !== null && (
        <p class={value.isBad ? 'bad' : 'good'}>
          <Icon name={value.isBad ? 'alert' : 'check'} /> <span>{value.words}</span>
          <button
            type="button"
            class="button plain small"
            aria-label="Dismiss"
            onClick={() => {
              notice.value = null
            }}
          >
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  )
}
