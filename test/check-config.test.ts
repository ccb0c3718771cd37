import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { inProject } from './fixtures/project.js'

const program = inProject('dist/check-config.js')

const check = async (settings: Readonly<Record<string, string>>, cwd?: string) => {
  const child = spawn(process.execPath, [program], {
    cwd,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { output: await text(child.stdout), code: await ended }
}

t.test('good settings are printed without secrets, and the exit code is 0', async (t) => {
  const dir = t.testdir({
    'channels.json': JSON.stringify({ channels: [{ id: '1', platform: 'instagram', token: `\${IG_TOKEN}` }] }),
    verify: 'hidden-b\n',
  })
  const { output, code } = await check({
    META_APP_SECRETS: 'hidden-a',
    META_VERIFY_TOKEN_FILE: `${dir}/verify`,
    API_TOKENS: 'hidden-c-0123456789',
    IG_TOKEN: 'hidden-d',
    CHANNELS_FILE: `${dir}/channels.json`,
  })
  t.equal(code, 0)
  t.match(output, /META_APP_SECRETS +••••\n/)
  t.match(output, /Channel 1\n/)
  t.match(output, 'The configuration is good: 1 channel,')
  t.notMatch(output, 'hidden')
})

t.test('bad settings are all named, and the exit code is 1', async (t) => {
  const { output, code } = await check({ PORT: 'x', CHANNELS_FILE: '/does/not/exist.json' })
  t.equal(code, 1)
  for (const name of ['PORT', 'META_APP_SECRETS', 'META_VERIFY_TOKEN', 'API_TOKENS', 'CHANNELS_FILE']) {
    t.match(output, new RegExp(`\\n {2}- ${name} `), name)
  }
  t.match(output, 'CHANNELS_FILE names a file that cannot be read: /does/not/exist.json (ENOENT)')
})
