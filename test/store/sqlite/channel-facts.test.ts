import t from 'tap'
import { createLastingChannels } from '../../../src/store/sqlite/channel-facts.js'
import { loadSqlite } from '../../../src/store/sqlite/package.js'
import { migrate } from '../../../src/store/sqlite/schema.js'

t.test('a channel’s facts outlast a restart once they were written', async (t) => {
  const { DatabaseSync } = await loadSqlite()
  const database = new DatabaseSync(':memory:')
  migrate(database, 'memory')
  const open = () => createLastingChannels(database, () => 0)
  const channels = open()
  t.equal(channels.isChanged(), false)
  channels.noteChannel('1', 'inbound', 1)
  channels.noteChannel('1', 'echo', 2)
  channels.noteChannel('1', 'sent', 3)
  channels.noteChannel('1', 'probed', 4)
  channels.noteTrouble('2', { at: 5, code: '190' })
  t.equal(channels.isChanged(), true)
  channels.write()
  t.equal(channels.isChanged(), false)
  channels.noteChannel('1', 'sent', 6)
  const again = open()
  t.same(again.channelFacts('1'), { lastInboundAt: 1, lastEchoAt: 2, lastSentAt: 3, lastProbedAt: 4, trouble: null })
  t.same(again.channelFacts('2'), {
    lastInboundAt: 0,
    lastEchoAt: 0,
    lastSentAt: 0,
    lastProbedAt: 0,
    trouble: { at: 5, code: '190' },
  })
  channels.noteTrouble('2', null)
  channels.write()
  t.equal(open().channelFacts('1').lastSentAt, 6)
  t.equal(open().channelFacts('2').trouble, null)
})
