import t from 'tap'
import type { Standing } from '../../../src/cli/connect/open-channels.js'
import { whatIsLeft } from '../../../src/cli/connect/tell.js'

const left = (env: Readonly<Record<string, string>>, row: Standing['row'], folder = '/etc/r') => {
  const path = `${folder}/c.json`
  const standing: Standing = { index: 0, row, writtenToken: null, token: null }
  return whatIsLeft('1', standing, { path, file: path, folder, text: null, find: () => null }, { env })
}

t.test('the setting that is missing is named, and how a router takes the channel up', async (t) => {
  t.equal(
    left({}, {}),
    'The router needs this setting beside its own:\n\n  export CHANNELS_FILE=/etc/r/c.json\n\n' +
      'A router that runs with CHANNELS_FILE takes the channel up on SIGHUP, without a restart: kill -HUP PID (docs/reload.md).\n' +
      'To have it answered, give the channel its "dify" in the file (docs/settings.md#channels).',
  )
  t.match(left({ CHANNELS_FILE: '/etc/other.json' }, {}), '\n  export CHANNELS_FILE=/etc/r/c.json\n')
  t.match(left({ CHANNELS_FILE: ' ' }, {}), '\n  export CHANNELS_FILE=/etc/r/c.json\n')
  t.match(left({}, {}, "/it's here"), `\n  export CHANNELS_FILE='/it'\\''s here/c.json'\n`)
})

t.test('where nothing is missing, only the signal is left', async (t) => {
  const env = { CHANNELS_FILE: '/etc/r/../r/c.json', CHANNEL_ID: '1' }
  t.equal(
    left(env, { dify: {} }),
    'A router that runs with CHANNELS_FILE takes the channel up on SIGHUP, without a restart: kill -HUP PID (docs/reload.md).\n' +
      'First take CHANNEL_ID out of its settings, which takes a restart: the file has this channel now.',
  )
})
