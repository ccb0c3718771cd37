import t from 'tap'
import { readConfig } from '../../src/config.js'
import { readProjectFile } from '../fixtures/project.js'

/** The examples for a host: the systemd unit, and the proxies in front. Neither systemd nor Caddy nor nginx is needed here. */

/** Sections of a unit; a name may come more than once. */
function unitOf(text: string): Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> {
  const unit: Record<string, Record<string, string[]>> = {}
  let section: Record<string, string[]> = {}
  for (const line of text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))) {
    const [, name] = /^\[(\w+)\]$/.exec(line) ?? []
    if (name !== undefined) {
      section = {}
      unit[name] = section
      continue
    }
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line)!
    section[key] = [...(section[key] ?? []), value]
  }
  return unit
}

t.test('the unit runs the program with settings that it takes, and stops it in its own time', async (t) => {
  const { Service: service = {} } = unitOf(readProjectFile('examples/systemd/message-router.service'))
  t.same(service['ExecStart'], ['/usr/bin/node dist/main.js'])
  t.equal(service['Environment']![1], '"NODE_OPTIONS=--v8-pool-size=1 --max-semi-space-size=16"')
  t.same(service['ExecStartPre'], ['/usr/bin/node dist/cli.js check --offline'])
  t.match(service['ExecReload'], [/kill -HUP \$MAINPID$/])
  const env = Object.fromEntries(
    service['Environment']![0]!.split(' ').map((each) => each.split('=') as [string, string]),
  )
  const needed = {
    META_APP_SECRETS: 'a-secret-of-yours',
    META_VERIFY_TOKEN: 'a-word-of-yours',
    API_TOKENS: 'a-token-of-your-choice',
    CHANNEL_ID: '1',
  }
  const read = readConfig({ ...needed, ...env }, () => '')
  t.match(read, {
    is: 'ok',
    warnings: [],
    config: { host: '127.0.0.1', trustProxy: 'loopback', store: { is: 'sqlite' } },
  })
  if (read.is === 'bad') return
  t.ok(Number(service['TimeoutStopSec']![0]) * 1000 > read.config.shutdownGraceMs)
  t.equal(env['DATA_DIR'], `/var/lib/${service['StateDirectory']![0]}`)
  t.match(service, { DynamicUser: ['yes'], NoNewPrivileges: ['yes'], ProtectSystem: ['strict'], Restart: ['always'] })
})

t.test('the proxies publish the webhook, keep the rest to your own addresses, and pass WebSockets on', async (t) => {
  const nginx = readProjectFile('examples/proxy/nginx.conf')
  const caddy = readProjectFile('examples/proxy/Caddyfile')
  for (const text of [nginx, caddy]) {
    t.equal((text.match(/\{/g) ?? []).length, (text.match(/\}/g) ?? []).length, 'every block is closed')
    t.match(text, '/webhook')
    t.match(text, /ws/)
    t.match(text, /404/)
  }
  t.match(nginx, /proxy_set_header Upgrade \$http_upgrade;\n\s+proxy_set_header Connection \$connection_upgrade;/)
  t.match(nginx, /proxy_http_version 1\.1;/)
  t.match(nginx, /location = \/webhook \{\n\s+proxy_pass http:\/\/message_router;/)
  t.match(nginx, /allow 10\.0\.0\.0\/8;\n\s+deny all;/)
  t.match(caddy, /remote_ip 10\.0\.0\.0\/8/)
  t.equal((caddy.match(/reverse_proxy 127\.0\.0\.1:3000/g) ?? []).length, 2)
})
