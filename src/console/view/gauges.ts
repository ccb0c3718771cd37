import { counted } from './time.js'

/** Reads numbers from the text of `/metrics`. */

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export function samplesIn(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
    if (match === null) return []
    const [, name, labels = '', value] = match
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, said]) => [key, said])
    return [{ name: name!, labels: Object.fromEntries(pairs), value: Number(value) }]
  })
}

/** The state of the notifications, for a tile of two short lines. */
export function notificationsInWords(of: {
  readonly waiting: number
  readonly oldestSeconds: number
  readonly delivered: number
  readonly failed: number
}): string {
  const waiting = of.waiting === 0 ? 'waiting' : `waiting, for ${roughly(of.oldestSeconds)} at most`
  const failed = of.failed === 0 ? '' : `, ${counted(of.failed, 'try', 'tries')} failed`
  return `${waiting}; ${of.delivered.toLocaleString()}\u00a0delivered${failed}`
}

function roughly(seconds: number): string {
  const [length, unit] = seconds < 60 ? [1, 's'] : seconds < 3600 ? [60, 'min'] : [3600, 'h']
  return `${Math.round(seconds / length)}\u00a0${unit}`
}

/** The sum of the series with these labels; null when there is none. */
export function sumOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | null {
  const fitting = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  )
  return fitting.length === 0 ? null : fitting.reduce((sum, { value }) => sum + value, 0)
}
