import t from 'tap'
import { taken } from '../../../src/cli/connect/refusal.js'
import type { Login } from '../../../src/meta/connect.js'

const login = (platform: Login['platform']): Login => ({
  platform,
  graphUrl: 'https://graph.example/v26.0',
  appId: '9',
  appSecrets: ['a'],
  userToken: 'b',
})

t.test('a value is taken, and a refusal said in words', async (t) => {
  t.equal(taken({ is: 'ok', value: 1 }, 'count', login('facebook')), 1)
  t.throws(() => taken({ is: 'lost', code: 'ECONNREFUSED' }, 'count', login('facebook')), {
    exitCode: 1,
    message: /^No answer from https:\/\/graph\.example\/v26\.0 \(ECONNREFUSED\)\./,
  })
  for (const [code, said, platform, message] of [
    [
      '1',
      'Error validating client secret.',
      'facebook',
      /^Meta did not count \(1\)\. “Error.*”\n.*the app of --app-id\.$/,
    ],
    ['1', 'Error validating client secret.', 'instagram', /has to hold the Instagram app secret/],
    ['190/463', null, 'facebook', /^Meta did not count \(190\/463\)\.\nThe user token has ended.*in your Meta app\.$/],
    ['190', 'a\u001b[2Jb', 'instagram', /“a�\[2Jb”\n.*--platform facebook\.$/],
    ['102', null, 'facebook', /has ended/],
    ['200', null, 'facebook', /lacks a permission.*pages_manage_metadata/],
    ['10', null, 'instagram', /lacks a permission.*instagram_business_basic/],
    ['101', null, 'facebook', /app id is that of no app/],
    ['613', null, 'facebook', /too often/],
    ['2', null, 'facebook', /trouble of its own/],
    ['http_502', null, 'facebook', /trouble of its own/],
    ['100/33', null, 'facebook', /those of one app/],
    ['12', null, 'facebook', /those of one app/],
  ] as const) {
    t.throws(() => taken({ is: 'refused', code, said }, 'count', login(platform)), { exitCode: 1, message }, code)
  }
})
