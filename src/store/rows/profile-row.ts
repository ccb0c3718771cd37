import { NO_PROFILE, type Profile } from '../../conversation/state/state.js'

export type ProfileRow = readonly [
  at: number,
  isKnown: 0 | 1,
  name: string | null,
  username: string | null,
  picture: string | null,
]

export function profileRow({ at, isKnown, name, username, picture }: Profile): ProfileRow | null {
  return at === 0 ? null : [at, isKnown ? 1 : 0, name, username, picture]
}

export function profileOf(row: ProfileRow | null | undefined): Profile {
  if (!row) return NO_PROFILE
  const [at, isKnown, name, username, picture] = row
  return { at, isKnown: isKnown === 1, name, username, picture }
}
