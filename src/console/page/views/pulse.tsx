import { signal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { notificationsInWords, type Sample, samplesIn, sumOf } from '../../view/gauges.js'
import { AUTHORS, MINUTE_MS, type Pulse as PulseValues, pulseOf } from '../../view/pulse.js'
import { createCalendar } from '../../view/time.js'
import type { Who } from '../../view/words.js'
import { fetchText } from '../api.js'
import { loadPulse, recent } from '../pulse-state.js'
import { now } from '../state.js'

const calendar = createCalendar()
const gauges = signal<readonly Sample[]>([])
const GAUGES_MS = 5_000
const DRAW_MS = 5_000

export const AUTHOR_NAMES: Readonly<Record<Who, string>> = {
  customer: 'Customers',
  bot: 'Bot',
  person: 'People',
  automation: 'Automatic',
}

async function loadGauges(): Promise<void> {
  const answer = await fetchText('/metrics')
  if (answer.ok) gauges.value = samplesIn(answer.value)
}

/** Live figures of the last 15 minutes. */
export function Pulse() {
  useEffect(() => {
    loadPulse()
    loadGauges()
    const timer = setInterval(loadGauges, GAUGES_MS)
    return () => clearInterval(timer)
  }, [])
  const tick = Math.floor(now.value / DRAW_MS)
  const pulse = useMemo(() => pulseOf(recent.value, now.value), [recent.value, tick])
  const all = AUTHORS.map((who) => [who, pulse.counts[who].reduce((sum, many) => sum + many, 0)] as const)
  return (
    <section class="sheet" aria-labelledby="pulse-title">
      <header class="sheet-head">
        <div>
          <h1 id="pulse-title">Pulse</h1>
          <p class="muted">The last 15 minutes, live.</p>
        </div>
      </header>
      <Tiles pulse={pulse} />
      <figure class="card">
        <figcaption>Messages a minute</figcaption>
        <Chart pulse={pulse} />
        <ul class="legend">
          {all.map(([who, many]) => (
            <li key={who} class={who}>
              <span class="swatch" aria-hidden="true" /> {AUTHOR_NAMES[who]} <strong>{many}</strong>
            </li>
          ))}
        </ul>
        <details>
          <summary>As a table</summary>
          <Table pulse={pulse} />
        </details>
      </figure>
    </section>
  )
}

function Tiles({ pulse }: { readonly pulse: PulseValues }) {
  const { value: samples } = gauges
  const gauge = (name: string, labels: Record<string, string> = {}): number | null =>
    sumOf(samples, `message_router_${name}`, labels)
  const { medianAnswerSeconds: answer } = pulse
  const notified = gauge('notifications_total')
  const delivered = gauge('notifications_total', { outcome: 'delivered' }) ?? 0
  const waiting = gauge('notifications_waiting') ?? 0
  const oldestSeconds = gauge('notifications_oldest_seconds') ?? 0
  return (
    <ul class="tiles">
      <Tile
        name="Answer time"
        value={answer === null ? '–' : `${answer.toFixed(1)} s`}
        about="half of the answers were faster"
      />
      <Tile
        name="In work"
        value={shown(gauge('queue_depth', { state: 'due' }))}
        about="conversations whose turn it is now"
      />
      <Tile
        name="Waiting"
        value={shown(gauge('queue_depth', { state: 'later' }))}
        about="for an answer, or for a pause to end"
      />
      <Tile
        name="Dead letters"
        value={shown(gauge('dead_letter_conversations'))}
        about="conversations with unsent messages"
        isBad={(gauge('dead_letter_conversations') ?? 0) > 0}
      />
      {(notified !== null || waiting > 0) && (
        <Tile
          name="Notifications"
          value={shown(waiting)}
          about={notificationsInWords({ waiting, oldestSeconds, delivered, failed: (notified ?? 0) - delivered })}
          isBad={oldestSeconds > 60}
        />
      )}
    </ul>
  )
}

function shown(value: number | null): string {
  return value === null ? '–' : Math.round(value).toLocaleString()
}

function Tile(props: {
  readonly name: string
  readonly value: string
  readonly about: string
  readonly isBad?: boolean
}) {
  return (
    <li class={props.isBad ? 'tile bad' : 'tile'}>
      <span class="tile-name">{props.name}</span>
      <strong>{props.value}</strong>
      <span class="muted">{props.about}</span>
    </li>
  )
}

/** uPlot is loaded when the view is first opened. */
function Chart({ pulse }: { readonly pulse: PulseValues }) {
  const box = useRef<HTMLDivElement>(null)
  const draw = useRef<((pulse: PulseValues) => void) | null>(null)
  const latest = useRef(pulse)
  latest.current = pulse
  useEffect(() => {
    let end = (): void => {}
    let isOver = false
    import('../chart.js').then(({ createChart }) => {
      if (isOver || box.current === null) return
      const chart = createChart(box.current)
      draw.current = chart.draw
      end = chart.end
      chart.draw(latest.current)
    })
    return () => {
      isOver = true
      end()
    }
  }, [])
  useEffect(() => draw.current?.(pulse), [pulse])
  return (
    <div class="chart" ref={box} role="img" aria-label="Messages a minute by author; the table below has the numbers" />
  )
}

function Table({ pulse }: { readonly pulse: PulseValues }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Minute</th>
          {AUTHORS.map((who) => (
            <th key={who} scope="col">
              {AUTHOR_NAMES[who]}
            </th>
          ))}
          <th scope="col">Answer time</th>
        </tr>
      </thead>
      <tbody>
        {pulse.minutes.map((at, place) => (
          <tr key={at / MINUTE_MS}>
            <th scope="row">{calendar.clock(at)}</th>
            {AUTHORS.map((who) => (
              <td key={who}>{pulse.counts[who][place]}</td>
            ))}
            <td>{pulse.answerSeconds[place] == null ? '–' : `${pulse.answerSeconds[place].toFixed(1)} s`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
