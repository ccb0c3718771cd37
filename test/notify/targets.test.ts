import t from 'tap'
import type { NotifyTarget } from '../../src/conversation/channel.js'
import { createTargets } from '../../src/notify/targets.js'
import { NOTIFY_SECRET } from '../fixtures/receiver.js'

const target = (url: string, ...events: NotifyTarget['events']): NotifyTarget => ({
  url,
  secret: NOTIFY_SECRET,
  events,
})

function given(global: NotifyTarget | null, channels: Record<string, NotifyTarget | null>) {
  const settings = { global, channels }
  const targets = createTargets({
    global: () => settings.global,
    channel: (id) => (Object.hasOwn(settings.channels, id) ? { notify: settings.channels[id]! } : undefined),
    channelIds: () => Object.keys(settings.channels),
  })
  const of = (id: string) => targets.of(id).map(({ name, host }) => `${name} ${host}`)
  return { settings, targets, of }
}

t.test('a channel is told to the target of all and to its own', async (t) => {
  const { targets, of } = given(target('https://a.example/x'), { '1': target('https://b.example:8443/y?z'), '2': null })
  t.strictSame(of('1'), ['global a.example', '1 b.example:8443'])
  t.strictSame(of('2'), ['global a.example'])
  t.strictSame(of('2'), ['global a.example'], 'as it is remembered')
  t.equal(targets.get('1')?.url, 'https://b.example:8443/y?z')
  t.equal(targets.get('2'), null)
  t.equal(targets.get('global')?.url, 'https://a.example/x')
  t.equal(targets.isUsed, true)
})

t.test('a URL that is the target of all channels and of one is notified once, of the channel’s events', async (t) => {
  const url = 'https://a.example/x'
  const { targets } = given(target(url, 'channel.connected'), { '1': target(url, 'message.sent'), '2': null })
  t.strictSame(
    targets.of('1').map(({ events }) => [...events]),
    [['message.sent']],
  )
  t.strictSame(
    targets.of('2').map(({ events }) => [...events]),
    [['channel.connected']],
  )
})

t.test('without targets nobody is notified', async (t) => {
  const { targets, of } = given(null, { '1': null })
  t.strictSame([of('1'), of('unknown'), targets.isUsed, targets.get('global')], [[], [], false, null])
})

t.test('a target that is switched off stays so until the settings are reloaded', async (t) => {
  const { settings, targets, of } = given(target('https://a.example'), { '1': target('https://b.example') })
  of('1')
  targets.switchOff('global')
  t.strictSame(of('1'), ['1 b.example'])
  t.equal(targets.isOff('global'), true)
  settings.channels = {}
  targets.reload()
  t.equal(targets.isOff('global'), false)
  t.strictSame(of('1'), ['global a.example'])
  settings.global = null
  targets.reload()
  t.equal(targets.isUsed, false)
})
