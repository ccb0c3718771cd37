import type { Intro } from '../../conversation/state/intro.js'
import { NO_INTRO } from '../../conversation/state/state.js'
import { withoutNothing } from './row.js'

export type IntroRow = readonly [seq: number, hasLeft?: 0 | 1, personSeq?: number]

export function introRow({ seq, hasLeft, personSeq }: Intro): IntroRow | null {
  return seq === 0 ? null : withoutNothing<IntroRow>([seq, hasLeft ? 1 : 0, personSeq])
}

export function introOf(row: IntroRow | null | undefined): Intro {
  if (!row) return NO_INTRO
  const [seq, hasLeft, personSeq = 0] = row
  return { seq, hasLeft: hasLeft === 1, personSeq }
}
