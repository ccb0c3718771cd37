import t from 'tap'
import type { Standing } from '../../../src/cli/connect/open-channels.js'
import { whatIsLeft } from '../../../src/cli/connect/tell.js'

const standing = (row: Standing['row']): Standing => ({ index: 0, row, writtenToken: null, token: null })
const left = (
  variable: string | null,
  env: Readonly<Record<string, string>>,
  row: Standing['row'],
  folder = '/etc/r',
) =>
  whatIsLeft('1', variable, standing(row), { path: `${folder}/c.json`, folder, text: null, find: () => null }, { env })

t.test('the settings that are missing are named', async (t) => {
  t.match(
    left('TOKEN', {}, {}),
    '\n  export CHANNELS_FILE=/etc/r/c.json TOKEN_FILE=/etc/r/TOKEN\n\nTo have it answered',
  )
  t.match(
    left('TOKEN', { CHANNELS_FILE: '/etc/other.json', TOKEN: 'x' }, {}),
    '\n  export CHANNELS_FILE=/etc/r/c.json\n',
  )
  t.match(left(null, {}, {}, "/it's here"), `\n  export CHANNELS_FILE='/it'\\''s here/c.json'\n`)
})

t.test('where nothing is missing, it says how a router takes it up', async (t) => {
  const env = { CHANNELS_FILE: '/etc/r/../r/c.json', TOKEN_FILE: '/x', CHANNEL_ID: '1' }
  t.equal(
    left('TOKEN', env, { dify: {} }),
    'A router with these settings takes it up when it starts, and one that runs on SIGHUP (docs/reload.md).\n' +
      'Take CHANNEL_ID out of them: the file has this channel now.',
  )
})
