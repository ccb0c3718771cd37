import t from 'tap'
import { isInstagramLogin } from '../../../src/engine/tokens/instagram-login.js'
import { channelWith } from '../../fixtures/channel.js'

const login = { ...channelWith(), token: 'token', graphUrl: 'https://graph.instagram.com/v26.0' }

t.test('an Instagram account that sends as itself, anywhere but at Facebook’s, is an Instagram login', async (t) => {
  for (const [changes, is] of [
    [{}, true],
    [{ graphUrl: 'http://127.0.0.1:4001' }, true],
    [{ graphUrl: 'https://notfacebook.com' }, true],
    [{ platform: 'facebook' }, false],
    [{ token: null }, false],
    [{ sendAs: '2' }, false],
    [{ graphUrl: 'https://graph.facebook.com/v26.0' }, false],
    [{ graphUrl: 'https://GRAPH.FACEBOOK.COM:443/' }, false],
    [{ graphUrl: 'https://facebook.com' }, false],
  ] as const) {
    t.equal(isInstagramLogin({ ...login, ...changes }), is, JSON.stringify(changes))
  }
})
