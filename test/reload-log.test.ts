import t from 'tap'
import type { Config } from '../src/config.js'
import { tellReload } from '../src/reload-log.js'

function told(changes: Partial<Parameters<typeof tellReload>[0]>) {
  const lines: (readonly [level: string, facts: object, message: string])[] = []
  const at = (level: string) => (facts: object, message: string) => void lines.push([level, facts, message])
  const config = { channels: new Map([['1', {}]]) } as unknown as Config
  const reload = { config, added: [], removed: [], changed: [], settings: [], needsRestart: [], ...changes }
  tellReload(reload, { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') })
  return lines
}

t.test('a reload is told with its channels, fifty of each kind at most', async (t) => {
  const ids = Array.from({ length: 60 }, (_, i) => String(i))
  t.match(told({ added: ids, changed: ['7'], settings: ['API_TOKENS'] }), [
    [
      'info',
      { channels: 1, added: ids.slice(0, 50), removed: [], changed: ['7'], settings: ['API_TOKENS'] },
      'settings read again; channels: 60 added, 0 removed, 1 changed',
    ],
  ])
})

t.test('a setting that takes a restart is warned of', async (t) => {
  t.strictSame(told({ needsRestart: ['REDIS_URL'] })[1], [
    'warn',
    { settings: ['REDIS_URL'] },
    'REDIS_URL changed, which takes a restart to have an effect',
  ])
})
