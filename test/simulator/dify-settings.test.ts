import t from 'tap'
import * as settings from '../../src/simulator/dify-settings.js'

t.test('every refusal names its code and says something', async (t) => {
  const { APP_DEFAULTS, invalid, ...refusals } = settings
  const all = [...Object.values(refusals), invalid('query is required')]
  t.equal(all.length, 7)
  for (const { status, code, message } of all) {
    t.ok(status >= 400 && status < 500)
    t.match(code, /^[a-z_]+$/)
    t.not(message, '')
  }
  t.equal(APP_DEFAULTS.answer, 'You said: {query}')
})
