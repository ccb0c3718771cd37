import t from 'tap'
import { createOnlyAccount } from '../../src/meta/only-account.js'
import { channelWith } from '../fixtures/channel.js'

t.test('the only channel of a platform is found, and no other', async (t) => {
  const channels = [{ ...channelWith(), id: '1' }]
  const onlyAccount = createOnlyAccount(() => channels)
  t.equal(onlyAccount('instagram'), '1')
  t.equal(onlyAccount('facebook'), null)
  channels.push({ ...channelWith(), id: '2', platform: 'facebook' })
  t.equal(onlyAccount('instagram'), '1')
  t.equal(onlyAccount('facebook'), '2')
  channels.push({ ...channelWith(), id: '3' })
  t.equal(onlyAccount('instagram'), null)
})
