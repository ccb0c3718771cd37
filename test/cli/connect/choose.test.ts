import t from 'tap'
import { choose } from '../../../src/cli/connect/choose.js'
import type { Account } from '../../../src/meta/accounts.js'
import type { Login } from '../../../src/meta/connect.js'
import { pretendWorld } from '../../fixtures/command.js'

const page = (id: string, name: string | null = 'Shop'): Account => ({
  id,
  platform: 'facebook',
  name,
  token: `hush-${id}`,
  owner: id,
})
const behind: Account = { ...page('1'), id: '17', platform: 'instagram', name: 'shop\n' }
const account: Account = { ...behind, owner: '17', name: 'shop' }

function choosing(accounts: readonly Account[], isTerminal: boolean, wanted?: string, answer = '') {
  const { world, out } = pretendWorld({ isTerminal })
  const platform = accounts[0] === account ? 'instagram' : 'facebook'
  const asker = { ask: async () => answer, askHidden: async () => '', close: () => {} }
  return { chosen: choose(accounts, { platform } as Login, wanted, world, asker), out }
}

t.test('the only one is meant, and the only Page where nobody can be asked', async (t) => {
  t.equal(await choosing([account], false).chosen, account)
  t.same(await choosing([page('1'), behind], false).chosen, page('1'))
  t.equal(await choosing([behind], true).chosen, behind)
})

t.test('of several one is chosen', async (t) => {
  const several = [page('1'), behind, page('2', null)]
  t.equal(await choosing(several, false, '17').chosen, behind)
  t.equal(await choosing(several, true, undefined, '2').chosen, behind, 'by number')
  t.equal(await choosing(several, true, undefined, '17').chosen, behind, 'by id')
  const { chosen, out } = choosing(several, false)
  await t.rejects(chosen, { exitCode: 2, message: 'Which one? --page ID chooses it.' })
  t.equal(
    out(),
    'The user token is good for:\n' +
      '  1  1  Shop, a Page, on Messenger\n' +
      '  2  17  shop ⏎ , an Instagram account behind the Page 1\n' +
      '  3  2  a Page, on Messenger\n\n',
  )
  await t.rejects(choosing(several, true, undefined, 'x').chosen, { exitCode: 1, message: /none of them\. Nothing/ })
  await t.rejects(choosing(several, false, '9').chosen, { exitCode: 1, message: /^--page is none of them: 9\./ })
  const single = choosing([account], false)
  await single.chosen
  t.match(single.out(), '1  17  shop, an Instagram account\n')
})

t.test('none at all is a refusal of its own', async (t) => {
  for (const [platform, message] of [
    ['facebook', /good for no Page/],
    ['instagram', /names no Instagram account/],
  ] as const) {
    const asker = { ask: async () => '', askHidden: async () => '', close: () => {} }
    const chosen = choose([], { platform } as Login, undefined, pretendWorld().world, asker)
    await t.rejects(chosen, { exitCode: 1, message })
  }
})
