import t from 'tap'
import { COMMANDS } from '../../src/cli/commands.js'
import { type Option, type OptionName, options } from '../../src/cli/options.js'

t.test('every option belongs to a command, and short ones are unlike each other', async (t) => {
  const used = new Set<OptionName>(['help', ...COMMANDS.flatMap((command) => command.options)])
  t.same([...used].sort(), Object.keys(options).sort())
  const shorts = Object.values<Option<unknown>>(options).flatMap(({ short }) => short ?? [])
  t.equal(new Set(shorts).size, shorts.length)
})

t.test('each value is shown as it would be typed', async (t) => {
  t.equal(options.bot.kind.show('paused'), 'paused')
  t.equal(options.text.kind.show(' hi '), ' hi ')
  t.equal(options.share.kind.show('https://x.y/?a=b'), 'https://x.y/?a=b')
  t.match(options.share.kind.parse('ftp://x.y'), { is: 'bad' })
})
