import t from 'tap'
import { answerIn, withoutSecrets } from '../../src/meta/connect-answer.js'

t.test('an answer is its body, a refusal, or lost', async (t) => {
  const told = (status: number, body: unknown) =>
    answerIn({ is: 'told', status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) }, [
      'hush',
    ])
  t.same(answerIn({ is: 'lost', code: 'ECONNREFUSED' }, []), { is: 'lost', code: 'ECONNREFUSED' })
  t.same(told(200, { id: '1' }), { is: 'ok', value: { id: '1' } })
  for (const [status, body, code, said] of [
    [400, { error: { code: 190, error_subcode: 463, message: 'Token hush ended' } }, '190/463', 'Token •••• ended'],
    [200, { error: { code: 10 } }, '10', null],
    [400, { error: 'text' }, 'http_400', null],
    [502, '<html>', 'http_502', null],
    [200, '<html>', 'http_200', null],
    [404, {}, 'http_404', null],
    [400, { error: { code: 1, message: 'so '.repeat(500) } }, '1', 'so '.repeat(100)],
  ] as const) {
    t.same(told(status, body), { is: 'refused', code, said }, `${status} ${code}`)
  }
})

t.test('secrets are taken out of a text, and what looks like a token', async (t) => {
  for (const [text, secrets, clean] of [
    ['token abc-def is dead', ['abc', 'abc-def', ''], 'token •••• is dead'],
    ['session EAAGm0PX4ZCpsBAKZBx12345678901234 ended', [], 'session •••• ended'],
    ['needs instagram_business_manage_messages', [], 'needs instagram_business_manage_messages'],
  ] as const) {
    t.equal(withoutSecrets(text, secrets), clean)
  }
})
