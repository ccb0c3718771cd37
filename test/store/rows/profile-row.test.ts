import t from 'tap'
import { NO_PROFILE, type Profile } from '../../../src/conversation/state/state.js'
import { profileOf, profileRow } from '../../../src/store/rows/profile-row.js'

t.test('a profile is read back from its row, and one that was never fetched has none', async (t) => {
  const known: Profile = { at: 5, isKnown: true, name: 'Ada', username: null, picture: 'https://a/p.jpg' }
  t.same(profileRow(known), [5, 1, 'Ada', null, 'https://a/p.jpg'])
  t.strictSame(profileOf(profileRow(known)), known)
  const unknown: Profile = { ...NO_PROFILE, at: 7 }
  t.strictSame(profileOf(profileRow(unknown)), unknown)
  t.equal(profileRow(NO_PROFILE), null)
  t.equal(profileOf(null), NO_PROFILE)
  t.equal(profileOf(undefined), NO_PROFILE)
})
