import { healthOf, modeInWords, whenInWords } from '../../view/page-health.js'
import type { Channel } from '../../view/shapes.js'
import { createCalendar } from '../../view/time.js'
import { Icon } from '../parts/icons.js'
import { channels, now } from '../state.js'

const calendar = createCalendar()

/** The connected pages, whether each works, and what to do when one does not. */
export function Pages() {
  return (
    <section class="sheet" aria-labelledby="pages-title">
      <header class="sheet-head">
        <div>
          <h1 id="pages-title">Pages</h1>
          <p class="muted">The accounts that the router answers for.</p>
        </div>
      </header>
      {channels.value.length === 0 && <p class="nothing">No page stands in the settings.</p>}
      <ul class="cards">
        {channels.value.map((each) => (
          <Page key={each.id} of={each} />
        ))}
      </ul>
    </section>
  )
}

function Page({ of }: { readonly of: Channel }) {
  const { mood, words, advice } = healthOf(of, now.value)
  return (
    <li class="card">
      <p class="card-title">
        <bdi>{of.name ?? of.id}</bdi>
        <span class={`badge ${mood}`}>
          <Icon name={mood === 'good' ? 'check' : mood === 'bad' ? 'alert' : 'clock'} />{' '}
          {mood === 'good' ? 'Works' : mood === 'bad' ? 'Look here' : 'Not known yet'}
        </span>
      </p>
      {mood !== 'good' && (
        <p class={mood === 'bad' ? 'why-dead' : 'muted'}>
          {mood === 'bad' && <Icon name="alert" />}
          <span>
            <strong>{words}</strong> {advice}
          </span>
        </p>
      )}
      <dl>
        <dt>Platform</dt>
        <dd>
          {of.platform === 'instagram' ? 'Instagram' : 'Messenger'}
          {of.name !== null && ` · ${of.id}`}
        </dd>
        <dt>Bot</dt>
        <dd>{modeInWords(of.mode)}</dd>
        <dt>Token ends</dt>
        <dd>{of.token_expires_at === null ? 'not told' : calendar.whole(Date.parse(of.token_expires_at))}</dd>
        <dt>Last from a customer</dt>
        <dd>{whenInWords(of.last_inbound_at, now.value)}</dd>
        <dt>Last echo</dt>
        <dd>{whenInWords(of.last_echo_at, now.value)}</dd>
        <dt>Last sent</dt>
        <dd>{whenInWords(of.last_sent_at, now.value)}</dd>
      </dl>
    </li>
  )
}
