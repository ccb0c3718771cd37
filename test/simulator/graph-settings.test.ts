import t from 'tap'
import { type GraphRequest, type MetaError, NO_CONSENT, refuse } from '../../src/simulator/graph-settings.js'
import { listen } from '../../src/simulator/listen.js'

t.test('a refusal reads as Meta writes it, and is recorded', async (t) => {
  const request = { status: null, error: null } as unknown as GraphRequest
  let error: MetaError = NO_CONSENT
  const server = await listen(0, async (_, response) => refuse(request, response, error, { 'x-a': '1' }))
  t.teardown(server.close)
  const response = await fetch(server.origin)
  t.equal(response.status, 400)
  t.match(await response.json(), { error: { code: 230, type: 'OAuthException', message: /consent/ } })
  t.match(request, { status: 400, error: NO_CONSENT })

  error = { code: 10, subcode: 2534022, status: 403, headers: { 'x-b': '2' } }
  const other = await fetch(server.origin)
  t.equal(other.status, 403)
  t.equal(other.headers.get('x-a'), '1')
  t.equal(other.headers.get('x-b'), '2')
  t.match(await other.json(), { error: { code: 10, error_subcode: 2534022, message: '(#10)' } })
})
