import t from 'tap'
import { type Headers, restAsked, retryAfter } from '../../src/meta/usage.js'

const business = (...uses: readonly object[]): Headers => ({
  'x-business-use-case-usage': JSON.stringify({ '17841400000000000': uses }),
})

for (const [what, headers, rest] of [
  ['nothing', {}, 0],
  ['little use', { 'x-app-usage': '{"call_count":28,"total_time":25,"total_cputime":25}' }, 0],
  ['just below the limit', { 'x-app-usage': '{"call_count":28,"total_time":95,"total_cputime":25}' }, 1_000],
  ['99 %', { 'x-page-usage': '{"call_count":99.9}' }, 1_000],
  ['the limit', { 'x-page-usage': '{"call_count":100,"total_time":1,"total_cputime":1}' }, 60_000],
  ['CPU time over the limit', { 'x-app-usage': '{"call_count":1,"total_time":1,"total_cputime":131}' }, 60_000],
  ['an ad account over the limit', { 'x-ad-account-usage': '{"acc_id_util_pct":100}' }, 60_000],
  ['a use over the limit', business({ type: 'messenger', call_count: 100 }), 60_000],
  ['a time', business({ type: 'messenger', call_count: 100, estimated_time_to_regain_access: 7 }), 420_000],
  ['a time without figures', business({ type: 'instagram', estimated_time_to_regain_access: 1 }), 60_000],
  ['no time left', business({ type: 'instagram', call_count: 3, estimated_time_to_regain_access: 0 }), 0],
  ['the longest of several', business({ call_count: 95 }, { estimated_time_to_regain_access: 9 }, {}), 540_000],
  ['a day', business({ estimated_time_to_regain_access: 1_440 }), 3_600_000],
  ['two headers', { 'x-app-usage': '{"call_count":100}', 'x-page-usage': '{"call_count":95}' }, 60_000],
  ['a header twice', { 'x-app-usage': ['{"call_count":1}', '{"call_count":97}'] }, 1_000],
] as const) {
  t.test(`${what} asks for a rest of ${rest} ms`, async (t) => {
    t.equal(restAsked(headers), rest)
  })
}

for (const value of [
  '',
  'no JSON',
  '{"call_count":',
  'null',
  '100',
  '[]',
  '"x"',
  '{"call_count":"100"}',
  '{"call_count":null,"total_time":{}}',
  '{"1":null,"2":[null,1,"x",[]],"3":"x"}',
  '{"1":[{"estimated_time_to_regain_access":"5"}]}',
  '{"1":[{"estimated_time_to_regain_access":-5}]}',
]) {
  t.test(`a usage header of ${JSON.stringify(value)} asks for nothing`, async (t) => {
    for (const name of ['x-app-usage', 'x-business-use-case-usage']) t.equal(restAsked({ [name]: value }), 0)
  })
}

const NOW = Date.UTC(2026, 0, 1)

for (const [value, wait] of [
  [undefined, 0],
  [[], 0],
  ['', 0],
  ['soon', 0],
  ['-5', 0],
  ['0', 0],
  ['5', 5_000],
  [' 120 ', 120_000],
  [['7', '9'], 7_000],
  ['86400', 3_600_000],
  ['9'.repeat(400), 3_600_000],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 23:59:30 GMT', 0],
  ['Fri, 01 Jan 2027 00:00:00 GMT', 3_600_000],
] as const) {
  t.test(`Retry-After: ${String(value).slice(0, 40)} is a wait of ${wait} ms`, async (t) => {
    t.equal(retryAfter({ 'retry-after': value }, NOW), wait)
  })
}
