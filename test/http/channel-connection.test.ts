import t from 'tap'
import type { ChannelFacts } from '../../src/engine/ports.js'
import { channelJson, isConnected, lastingTrouble } from '../../src/http/channel-connection.js'
import { channelWith } from '../fixtures/channel.js'

const facts = (changes: Partial<ChannelFacts>): ChannelFacts => ({
  lastInboundAt: 0,
  lastEchoAt: 0,
  lastSentAt: 0,
  lastProbedAt: 0,
  trouble: null,
  ...changes,
})
const trouble = { at: 10, code: '190' }

t.test('a channel is connected once a message or a probe of its token got through, until one does not', async (t) => {
  t.equal(isConnected(facts({ lastInboundAt: 5 })), null, 'hearing says nothing of the token')
  t.equal(isConnected(facts({ lastProbedAt: 5 })), true)
  t.equal(isConnected(facts({ lastSentAt: 5 })), true)
  t.equal(isConnected(facts({ lastSentAt: 5, trouble })), false)
  t.equal(isConnected(facts({ lastSentAt: 11, trouble })), true, 'what got through since is the better news')
  t.strictSame(lastingTrouble(facts({ lastSentAt: 10, trouble })), trouble)
  t.equal(lastingTrouble(facts({ lastSentAt: 11, trouble })), null)
})

t.test('a channel is shown with what keeps its messages from getting through', async (t) => {
  t.match(channelJson(channelWith(), facts({ lastSentAt: 5, trouble })), {
    id: '1',
    connected: false,
    last_error: { code: '190', at: '1970-01-01T00:00:00.010Z' },
    last_sent_at: '1970-01-01T00:00:00.005Z',
    last_echo_at: null,
  })
  t.match(channelJson(channelWith(), facts({ lastProbedAt: 5 })), { connected: true, last_error: null })
})
