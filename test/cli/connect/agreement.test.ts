import t from 'tap'
import { checkAgreement, graphUrlOf } from '../../../src/cli/connect/agreement.js'
import type { Standing } from '../../../src/cli/connect/open-channels.js'
import type { Account } from '../../../src/meta/accounts.js'
import type { Login } from '../../../src/meta/connect.js'

const account: Account = { id: '17', platform: 'instagram', name: null, token: 't', owner: '1' }
const login = { platform: 'facebook', graphUrl: 'https://graph.facebook.com/v26.0' } as Login
const standing = (row: Standing['row']): Standing => ({ index: 0, row, writtenToken: null, token: null })
const check = (row: Standing['row']): void => checkAgreement(standing(row), account, login, '/c.json')

t.test('a channel that stands has to be what was chosen', async (t) => {
  const good = { id: '17', platform: 'instagram', graphUrl: 'https://graph.facebook.com/v25.0', sendAs: '1' }
  t.doesNotThrow(() => check(good))
  for (const [change, wrong] of [
    [{ platform: 'facebook' }, '"platform": "instagram"'],
    [{ graphUrl: undefined }, '"graphUrl": "https://graph.facebook.com/v26.0"'],
    [{ graphUrl: 'odd' }, '"graphUrl": "https://graph.facebook.com/v26.0"'],
    [{ sendAs: undefined }, '"sendAs": "1"'],
    [{ platform: 'facebook', sendAs: '2' }, '"platform": "instagram" and "sendAs": "1"'],
  ] as const) {
    const message = `Channel 17 stands in /c.json without ${wrong}: change it there, or take the channel out. Nothing was connected.`
    t.throws(() => check({ ...good, ...change }), { exitCode: 1, message })
  }
})

t.test('the Graph API of a channel', async (t) => {
  t.equal(graphUrlOf(null, account, login), 'https://graph.facebook.com/v26.0')
  t.equal(graphUrlOf(standing({}), account, login), 'https://graph.instagram.com/v26.0')
  t.equal(graphUrlOf(standing({ graphUrl: 'http://g' }), account, login), 'http://g')
})
