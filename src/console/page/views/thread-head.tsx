import { useState } from 'preact/hooks'
import { nameOf } from '../../view/list.js'
import { untilTomorrow } from '../../view/time.js'
import { pauseInWords } from '../../view/words.js'
import { exportThread, handBack, pauseBot, setState } from '../actions.js'
import { Avatar } from '../parts/avatar.js'
import { BotBadge } from '../parts/bot-badge.js'
import { Icon } from '../parts/icons.js'
import { Menu } from '../parts/menu.js'
import { channelOf } from '../state.js'
import { conversation } from '../thread-state.js'
import { ForgetDialog } from './forget-dialog.js'

/** The customer, who has the conversation, and the actions on it. */
export function ThreadHead({ id }: { readonly id: string }) {
  const [isForgetting, setForgetting] = useState(false)
  const about = conversation.value
  if (about === null) {
    return (
      <header class="thread-head">
        <BackLink />
        <h1>{id}</h1>
      </header>
    )
  }
  const channel = channelOf(about.page_id)
  const { bot, state, customer } = about
  return (
    <header class="thread-head">
      <BackLink />
      <Avatar of={about} />
      <div class="who">
        <h1>
          <bdi>{nameOf(about)}</bdi>
        </h1>
        <p class="muted">
          {customer.username !== null && customer.name !== null && <bdi>@{customer.username} · </bdi>}
          {about.platform === 'instagram' ? 'Instagram' : 'Messenger'} · <bdi>{channel?.name ?? about.page_id}</bdi>
        </p>
      </div>
      <div class="has-it">
        <BotBadge of={about} />
        {!bot.enabled && <span class="why muted">{pauseInWords(bot)}</span>}
      </div>
      <div class="switches">
        {bot.enabled ? (
          <Menu
            label={
              <>
                <Icon name="pause" /> Pause<span class="wide"> the bot</span>
              </>
            }
          >
            <PauseChoices id={id} />
          </Menu>
        ) : (
          <button type="button" class="button main" onClick={() => handBack(id)}>
            <Icon name="play" /> Hand back
          </button>
        )}
        <Menu name="More" class="button plain" label={<Icon name="more" />}>
          {!bot.enabled && <PauseChoices id={id} />}
          <button type="button" onClick={() => setState(id, state === 'open' ? 'closed' : 'open')}>
            <Icon name={state === 'open' ? 'check' : 'play'} /> {state === 'open' ? 'Close' : 'Open again'}
          </button>
          <button type="button" onClick={() => exportThread(id)}>
            <Icon name="save" /> Export as a file
          </button>
          <button type="button" class="danger" onClick={() => setForgetting(true)}>
            <Icon name="bin" /> Forget this customer …
          </button>
        </Menu>
      </div>
      {isForgetting && <ForgetDialog of={about} onClose={() => setForgetting(false)} />}
    </header>
  )
}

function BackLink() {
  return (
    <a class="button plain back" href="#/" aria-label="Back to the list">
      <Icon name="back" />
    </a>
  )
}

function PauseChoices({ id }: { readonly id: string }) {
  return (
    <>
      <button type="button" onClick={() => pauseBot(id, '1h')}>
        <Icon name="clock" /> Pause for an hour
      </button>
      <button type="button" onClick={() => pauseBot(id, untilTomorrow(new Date()))}>
        <Icon name="clock" /> Pause until tomorrow, 8:00
      </button>
      <button type="button" onClick={() => pauseBot(id, null)}>
        <Icon name="pause" /> Pause until handed back
      </button>
    </>
  )
}
