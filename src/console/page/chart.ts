import uPlot from 'uplot'
import { AUTHORS, MINUTE_MS, type Pulse } from '../view/pulse.js'

/** A bar chart of messages per minute, stacked by author. */

export interface Chart {
  readonly draw: (pulse: Pulse) => void
  readonly end: () => void
}

const HEIGHT_PX = 240
const MOST_BAR_PX = 48

export function createChart(box: HTMLElement): Chart {
  let plot: uPlot | null = null
  let latest: Pulse | null = null

  function make(pulse: Pulse): void {
    plot?.destroy()
    plot = new uPlot(optionsFor(box), dataOf(pulse), box)
  }

  const resized = new ResizeObserver(() => plot?.setSize({ width: box.clientWidth, height: HEIGHT_PX }))
  resized.observe(box)
  // uPlot reads its colours when it is created, so a change of the colour scheme creates it again.
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const recolour = (): void => {
    if (latest !== null) make(latest)
  }
  dark.addEventListener('change', recolour)

  return {
    draw(pulse) {
      latest = pulse
      if (plot === null) make(pulse)
      else plot.setData(dataOf(pulse))
    },
    end() {
      resized.disconnect()
      dark.removeEventListener('change', recolour)
      plot?.destroy()
    },
  }
}

/** From the top of the stack down, so that each lower bar is drawn over the one above. */
const STACKED = AUTHORS.toReversed()

function dataOf({ minutes, counts }: Pulse): uPlot.AlignedData {
  const sums = STACKED.map((_, from) =>
    minutes.map((_, place) => STACKED.slice(from).reduce((sum, who) => sum + counts[who][place]!, 0)),
  )
  return [minutes.map((at) => at / 1000), ...sums]
}

function optionsFor(box: HTMLElement): uPlot.Options {
  const style = getComputedStyle(box)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  const font = `12px ${style.fontFamily}`
  const axis = { stroke: colour('--muted'), font, ticks: { show: false } }
  return {
    width: box.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true, range: (_, min, max) => [min - MINUTE_MS / 2000, max + MINUTE_MS / 2000] },
      y: { range: (_, __, max) => [0, Math.max(5, Math.ceil(max * 1.1))] },
    },
    axes: [
      { ...axis, grid: { show: false }, values: (_, times) => times.map(clock), space: 70 },
      {
        ...axis,
        grid: { stroke: colour('--line'), width: 1 },
        size: 40,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
      },
    ],
    series: [
      {},
      ...STACKED.map((who) => ({
        fill: colour(`--chart-${who}`),
        width: 0,
        paths: uPlot.paths.bars!({ size: [0.7, MOST_BAR_PX] }),
        points: { show: false },
      })),
    ],
  }
}

const format = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

function clock(seconds: number): string {
  return format.format(seconds * 1000)
}
