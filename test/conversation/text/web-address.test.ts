import t from 'tap'
import { isWebAddress } from '../../../src/conversation/text/web-address.js'

t.test('only http and https addresses are passed on', async (t) => {
  for (const url of ['https://cdn.test/a?b', 'HTTP://cdn.test', ' https://cdn.test']) t.ok(isWebAddress(url), url)
  for (const url of [
    null,
    '',
    'file:/etc/passwd',
    'javascript:alert(1)',
    'data:,x',
    'ftp://x',
    '//x',
    'https:/x',
    'x https://y',
  ]) {
    t.notOk(isWebAddress(url), String(url))
  }
})
