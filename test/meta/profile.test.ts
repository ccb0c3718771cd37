import t from 'tap'
import { createProfileFinder, profileIn } from '../../src/meta/profile.js'
import { startPretendGraph } from '../../src/simulator/graph.js'
import { channelWith } from '../fixtures/channel.js'

t.test('a profile has the fields that Meta provides', async (t) => {
  for (const [what, body, profile] of [
    [
      'all of it',
      { name: 'Sara', username: 'sara_1', profile_pic: 'https://x/1.jpg' },
      ['Sara', 'sara_1', 'https://x/1.jpg'],
    ],
    ['a name in two parts', { first_name: 'Sara', last_name: 'Karimi' }, ['Sara Karimi', null, null]],
    ['half a name', { first_name: null, last_name: 'Karimi' }, ['Karimi', null, null]],
    ['nothing', { id: '1', name: null }, [null, null, null]],
    ['odd values', { name: 7, username: ['x'] }, [null, null, null]],
  ] as const) {
    const [name, username, picture] = profile
    t.same(profileIn(JSON.stringify(body)), { name, username, picture }, what)
  }
  t.equal(profileIn('{"error": {"code": 230}}'), null)
  t.equal(profileIn('<html>'), null)
})

t.test('the customer is asked for at the Graph API', async (t) => {
  const graph = await startPretendGraph()
  t.teardown(() => graph.close())
  const finder = createProfileFinder({ timeoutMs: 300 })
  t.teardown(() => finder.close())
  const channel = { ...channelWith(), token: 'token', graphUrl: `${graph.url}/v26.0/` }
  graph.profile({ user: '7', profile: { name: 'Sara' } })
  t.match(await finder.find(channel, '7'), { name: 'Sara' })
  t.match(graph.requests[0], {
    path: '/v26.0/7',
    query: { fields: 'name,username,profile_pic' },
    headers: { authorization: 'Bearer token' },
  })
  await finder.find({ ...channel, platform: 'facebook' }, '7')
  t.match(graph.requests[1], { query: { fields: 'first_name,last_name,name,profile_pic' } })
  t.equal(await finder.find(channel, '8'), null, 'without consent')
  t.equal(await finder.find({ ...channel, token: null }, '7'), null, 'without a token')
  t.equal(graph.requests.length, 3)
  graph.profile({ user: '9', delayMs: 2_000 })
  t.equal(await finder.find(channel, '9'), null, 'takes too long')
  t.equal(await finder.find({ ...channel, graphUrl: 'http://127.0.0.1:1' }, '9'), null, 'nobody there')
})
