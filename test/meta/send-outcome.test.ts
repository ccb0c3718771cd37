import t from 'tap'
import type { Outgoing, SendOutcome } from '../../src/engine/providers.js'
import { outcomeOf, plainerMayGo, type Reply } from '../../src/meta/send-outcome.js'
import type { Headers } from '../../src/meta/usage.js'

const NOW = Date.UTC(2026, 0, 1)

const answer = (status: number, body: unknown, headers: Headers = {}): Reply => ({
  is: 'answer',
  status,
  headers,
  body: typeof body === 'string' || body === null ? body : JSON.stringify(body),
})
const refusal = (code: unknown, error_subcode?: unknown): object => ({
  error: { message: 'secret words', type: 'OAuthException', code, error_subcode, fbtrace_id: 'A' },
})

const sent = (mid: string | null, restMs = 0): SendOutcome => ({ is: 'sent', mid, restMs })
const unknown = (code: string) => ({ is: 'unknown', code }) as const

for (const [what, body, mid] of [
  ['an id', { recipient_id: '2', message_id: 'm_AbC-1' }, 'm_AbC-1'],
  ['no id', { recipient_id: '2' }, null],
  ['an empty id', { message_id: '' }, null],
  ['the longest id', { message_id: 'x'.repeat(1_024) }, 'x'.repeat(1_024)],
  ['an id that is too long', { message_id: 'x'.repeat(1_025) }, null],
  ['a numeric id', { message_id: 42 }, '42'],
  ['a numeric id past 2^53', '{"message_id":12345678901234567890}', '12345678901234567890'],
  ['something else as its id', { message_id: { id: 1 } }, null],
  ['an error that is none', { message_id: 'm', error: null }, 'm'],
] as const) {
  t.test(`an answer with ${what} is a message sent`, async (t) => {
    t.same(outcomeOf(answer(200, body), NOW), sent(mid))
  })
}

t.test('an answer to a message sent may ask for a rest', async (t) => {
  const headers = { 'x-app-usage': '{"call_count":100}' }
  t.same(outcomeOf(answer(201, { message_id: 'm' }, headers), NOW), sent('m', 60_000))
})

for (const body of [null, '', '<html>', '{"message_id":"m', '[]', '"ok"', 'null']) {
  t.test(`a success with ${JSON.stringify(body)} as its body leaves it open`, async (t) => {
    t.same(outcomeOf(answer(200, body), NOW), unknown('unreadable'))
  })
}

t.test('an answer that did not come leaves it open, unless the request had never gone out', async (t) => {
  t.same(outcomeOf({ is: 'lost', code: 'ECONNRESET', wentOut: true }, NOW), unknown('ECONNRESET'))
  t.same(outcomeOf({ is: 'lost', code: 'ECONNREFUSED', wentOut: false }, NOW), {
    is: 'later',
    code: 'ECONNREFUSED',
    afterMs: 0,
  })
})

/** By the code and not by the status: any of these may come with any. */
for (const [is, codes] of [
  ['later', [[4], [17], [32], [341], [613], [80001], [80002], [80006], [4, 1504022], ['613']]],
  ['unknown', [[2], [2, 2018012], ['2']]],
  [
    'window_closed',
    [
      [10, 2534022],
      [10, 2018278],
      ['10', '2018278'],
    ],
  ],
  ['thread_not_ours', [[2018300], [100, 2018300], [10, 2018300], [100, 2534037], [2018300, 1]]],
  ['channel_unusable', [[190], [190, 463], [200], [200, 2018065]]],
  ['refused', [[10, 2018065], [10, 2018108], [100, 2018001], [100, 2534014], [100, 2534015], [10], [10, 2018065999]]],
  ['refused', [[551], [551, 1545041], [368], [230], [1545041], [200, 1545041], [-1, 2534023]]],
] as const) {
  for (const [code, subcode] of codes as readonly (readonly [unknown, unknown?])[]) {
    const name = subcode === undefined ? `${code}` : `${code}/${subcode}`
    t.test(`error ${name} is ${is}, whatever the status`, async (t) => {
      for (const status of [200, 400, 403, 429, 500, 503]) {
        const outcome = outcomeOf(answer(status, refusal(code, subcode)), NOW)
        if (is === 'later') t.same(outcome, { is, code: name, afterMs: 0 })
        else if (is === 'unknown') t.same(outcome, { is, code: name })
        else t.same(outcome, { is: 'dead', reason: is, code: name })
      }
    })
  }
}

const BY_STATUS: readonly (readonly [number, object, Exclude<SendOutcome, { readonly is: 'sent' }>])[] = [
  [400, refusal(100), { is: 'dead', reason: 'refused', code: '100' }],
  [404, refusal(803, 33), { is: 'dead', reason: 'refused', code: '803/33' }],
  [400, refusal(1), { is: 'dead', reason: 'refused', code: '1' }],
  [200, refusal(100), { is: 'dead', reason: 'refused', code: '100' }],
  [200, refusal(1), unknown('1')],
  [500, refusal(1), unknown('1')],
  [500, refusal(1, 99), unknown('1/99')],
  [500, refusal(100), unknown('100')],
  [503, refusal(-1), unknown('-1')],
  [429, refusal(999), { is: 'later', code: '999', afterMs: 0 }],
]

for (const [status, body, expected] of BY_STATUS) {
  t.test(`an error that no table knows goes by the status: ${expected.code} with ${status}`, async (t) => {
    t.same(outcomeOf(answer(status, body), NOW), expected)
  })
}

for (const [status, is] of [
  [301, 'dead'],
  [400, 'dead'],
  [401, 'dead'],
  [404, 'dead'],
  [429, 'later'],
  [500, 'unknown'],
  [502, 'unknown'],
  [504, 'unknown'],
] as const) {
  t.test(`an answer ${status} without a readable code is ${is}`, async (t) => {
    const code = `http_${status}`
    const expected = { dead: { is, reason: 'refused', code }, later: { is, code, afterMs: 0 }, unknown: { is, code } }[
      is
    ]
    for (const body of [
      null,
      '',
      '<html>502</html>',
      '{}',
      { error: 'broken' },
      { error: {} },
      refusal('not a code'),
      refusal(1.5),
      refusal('1'.repeat(11)),
    ]) {
      t.same(outcomeOf(answer(status, body), NOW), expected)
    }
  })
}

t.test('an error without a code in the body of a success leaves it open', async (t) => {
  for (const error of ['broken', {}, { code: null }, false]) {
    t.same(outcomeOf(answer(200, { error, message_id: 'm' }), NOW), unknown('http_200'))
  }
})

t.test('a subcode that is none is left out', async (t) => {
  t.same(outcomeOf(answer(400, refusal(190, 'words')), NOW), { is: 'dead', reason: 'channel_unusable', code: '190' })
})

t.test('the next attempt waits for as long as Meta asks', async (t) => {
  const usage = JSON.stringify({ '1': [{ type: 'messenger', call_count: 101, estimated_time_to_regain_access: 3 }] })
  for (const [headers, afterMs] of [
    [{}, 0],
    [{ 'retry-after': '20' }, 20_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:40 GMT' }, 40_000],
    [{ 'x-business-use-case-usage': usage }, 180_000],
    [{ 'retry-after': '20', 'x-business-use-case-usage': usage }, 180_000],
    [{ 'retry-after': '200', 'x-business-use-case-usage': usage }, 200_000],
  ] as const) {
    t.same(outcomeOf(answer(400, refusal(613), headers), NOW), { is: 'later', code: '613', afterMs })
    t.same(outcomeOf(answer(429, '', headers), NOW), { is: 'later', code: 'http_429', afterMs })
  }
})

t.test('a refused attachment or quick reply may go in a plainer form, unless nothing would be taken', async (t) => {
  const text: Outgoing = {
    userId: '2',
    text: 'hi',
    attachment: null,
    quickReplies: [],
    tag: null,
    metadata: null,
    traceparent: null,
  }
  const picture: Outgoing = { ...text, text: null, attachment: { type: 'image', url: 'https://a.b/c.png' } }
  const choice: Outgoing = { ...text, quickReplies: ['Yes'] }
  const refused = (code: string): SendOutcome => ({ is: 'dead', reason: 'refused', code })
  for (const code of ['100', '100/2018047', '1', '-1/2534023', '100/2534015', 'http_400']) {
    for (const rich of [picture, choice]) t.same(plainerMayGo(refused(code), rich), { is: 'form_refused', code })
    t.same(plainerMayGo(refused(code), text), refused(code))
  }
  for (const code of ['10', '10/2018065', '551', '551/1545041', '368', '230', '100/2018001', '100/2534014']) {
    t.same(plainerMayGo(refused(code), picture), refused(code))
  }
  const others: readonly SendOutcome[] = [
    { is: 'dead', reason: 'window_closed', code: '10/2534022' },
    { is: 'dead', reason: 'channel_unusable', code: '190' },
    { is: 'later', code: '613', afterMs: 0 },
    unknown('2'),
    sent('m'),
  ]
  for (const outcome of others) t.same(plainerMayGo(outcome, picture), outcome)
})
