import t from 'tap'
import { COMMANDS } from '../../src/cli/commands.js'
import { helpOf, helpOfAll, moreOn, usageOf } from '../../src/cli/help.js'

const named = (name: string) => COMMANDS.find((command) => command.name === name)!

t.test('it fits into the width of the terminal, examples alone excepted', async (t) => {
  for (const width of [50, 80, 110]) {
    for (const text of [helpOfAll(COMMANDS, width), ...COMMANDS.map((command) => helpOf(command, width))]) {
      const lines = text.split('\n').filter((line) => !line.startsWith('  message-router '))
      t.same(
        lines.filter((line) => line.length > width),
        [],
      )
    }
  }
})

t.test('it names arguments and options as they are typed', async (t) => {
  t.equal(usageOf(named('send')), 'Usage: message-router send ID TEXT [OPTIONS]')
  t.equal(usageOf(named('redrive')), 'Usage: message-router redrive [LETTER] [OPTIONS]')
  t.equal(usageOf(named('completion')), 'Usage: message-router completion bash|zsh [OPTIONS]')
  const help = helpOf(named('forget'), 100)
  t.match(help, /\n {2}-y, --yes +does not ask/)
  t.match(help, /\n {2}--url URL +where the router is/)
  t.match(helpOf(named('send-webhook'), 100), /--platform instagram\|facebook\n? +CHANNEL_PLATFORM/)
  t.match(helpOf(named('send-webhook'), 100), /--app-id ID +the app that sent it/)
  t.match(helpOf(named('connect'), 100), /--app-id ID +your Meta app/, 'an option means what it does in this command')
  t.match(helpOf(named('demo'), 100), 'In a checkout: npm run demo -- [OPTIONS]')
})

t.test('it says where to read on', async (t) => {
  t.equal(moreOn(null), 'message-router --help says more.')
  t.equal(moreOn(named('list')), 'message-router list --help says more.')
  t.equal(moreOn(named('demo')), 'message-router demo --help says more (in a checkout: npm run demo -- --help).')
})
