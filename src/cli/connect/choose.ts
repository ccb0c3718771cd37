import type { Account } from '../../meta/accounts.js'
import type { Login } from '../../meta/connect.js'
import { printable } from '../../terminal/text.js'
import { EXIT, type Surroundings, Trouble, write } from '../command.js'
import type { Asker } from './asker.js'

/** Chooses the account to connect, by `--page` or by asking. */
export async function choose(
  accounts: readonly Account[],
  login: Login,
  page: string | undefined,
  world: Surroundings,
  asker: Asker,
): Promise<Account> {
  if (accounts.length === 0) throw new Trouble(EXIT.failed, nothingFor(login))
  write(world, `The user token is good for:\n${accounts.map(lineOf).join('\n')}\n`)
  if (page !== undefined) return found(accounts, page, `--page is none of them: ${page}.`)
  // The only Page is meant, though Instagram may stand behind it.
  const own = accounts.filter(({ platform }) => platform === login.platform)
  const [first] = accounts
  if (accounts.length === 1 || (own.length === 1 && !world.isTerminal)) return own[0] ?? first!
  if (!world.isTerminal) throw new Trouble(EXIT.usage, 'Which one? --page ID chooses it.')
  const answer = await asker.ask('Which one, by its number or id? ')
  const byNumber = accounts[Number(answer) - 1]
  return byNumber ?? found(accounts, answer, 'That is none of them.')
}

function found(accounts: readonly Account[], id: string, otherwise: string): Account {
  const account = accounts.find((each) => each.id === id)
  if (account === undefined) throw new Trouble(EXIT.failed, `${otherwise} Nothing was connected.`)
  return account
}

const lineOf = (account: Account, index: number): string => `  ${index + 1}  ${account.id}  ${describe(account)}`

export function describe({ id, platform, name, owner }: Account): string {
  const shown = name === null ? '' : `${printable(name)}, `
  if (platform === 'facebook') return `${shown}a Page, on Messenger`
  return id === owner ? `${shown}an Instagram account` : `${shown}an Instagram account behind the Page ${owner}`
}

function nothingFor({ platform }: Login): string {
  if (platform === 'instagram') return 'Meta names no Instagram account for this user token: is it a professional one?'
  return 'This user token is good for no Page: whoever makes it has to choose a Page in Meta’s dialog, and be allowed to manage it.'
}
