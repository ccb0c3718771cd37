import { spawnSync } from 'node:child_process'
import t from 'tap'
import { COMMANDS } from '../../src/cli/commands.js'
import { bash, zsh } from '../../src/cli/completion.js'
import { ran } from '../fixtures/command.js'

/** What bash would offer at the end of these words. */
function offered(...words: string[]): readonly string[] {
  const list = ['message-router', ...words].map((word) => `'${word}'`).join(' ')
  const script = `${bash(COMMANDS)}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length}; _message_router; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    cwd: t.testdir({ 'a file': '' }),
  })
  if (status !== 0 || stderr !== '') throw new Error(stderr)
  return stdout.split('\n').filter(Boolean)
}

t.test('bash completes commands, options and values', async (t) => {
  t.same(offered('re'), ['resume', 'redrive'])
  t.same(offered('tail', '--'), ['--after', '--json', '--url', '--token', '--help'])
  t.same(offered('list', '--bot', ''), ['on', 'paused'])
  t.same(offered('send-webhook', '--platform', 'f'), ['facebook'])
  t.same(offered('send-webhook', '--text', ''), [])
  t.same(offered('completion', ''), ['bash', 'zsh', '--help'])
  t.same(offered('--ver'), ['--version'])
  t.ok(offered('backup', '').includes('--json'))
  t.ok(offered('send-webhook', '--file', '/').length > 0)
})

t.test('zsh is told commands, options and values', async (t) => {
  const script = zsh(COMMANDS)
  t.match(script, /^#compdef message-router\n/)
  t.match(script, `'list:conversations, the newest activity first'`)
  t.match(script, `'--bot[only those whose bot is so]:on|paused:(on paused)'`)
  t.match(script, `'--file[a file with a whole body, posted as it stands]:FILE:_files'`)
  t.match(script, `':FILE:_files'`)
  t.match(script, `':SHELL:(bash zsh)'`)
  t.match(script, `'::LETTER: '`)
  t.match(script, `one of the router'\\''s API_TOKENS`)
})

t.test('the command prints them', async (t) => {
  t.match(await ran(['completion', 'bash']), { code: 0, out: `${bash(COMMANDS)}\n` })
  t.match(await ran(['completion', 'zsh']), { code: 0, out: `${zsh(COMMANDS)}\n` })
})
