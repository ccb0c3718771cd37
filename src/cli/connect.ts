import type { Account } from '../meta/accounts.js'
import { type Connector, createConnector, type Login } from '../meta/connect.js'
import { createProber } from '../meta/probe.js'
import { WEBHOOK_FIELDS } from '../meta/webhook-fields.js'
import { printable } from '../terminal/text.js'
import { EXIT, type Run, Trouble, write } from './command.js'
import { checkAgreement, graphUrlOf } from './connect/agreement.js'
import { answersOf } from './connect/answers.js'
import { createAsker } from './connect/asker.js'
import { choose, describe } from './connect/choose.js'
import { openChannels, type Standing } from './connect/open-channels.js'
import { taken } from './connect/refusal.js'
import { save } from './connect/save.js'
import { whatIsLeft } from './connect/tell.js'

/** Connects a page or account: its token, its subscription, its channel in the channels file. */
export const run: Run = async ({ values }, world) => {
  const asker = createAsker(world)
  const connector = createConnector()
  try {
    const { login, path } = await answersOf(values, world, asker)
    // A file that cannot be extended is found before anything is changed at Meta.
    openChannels(path, world)
    const lasting = taken(await connector.exchange(login), 'exchange the user token for a lasting one', login)
    const accounts = taken(await connector.accounts(login, lasting.token), 'say what the user token is good for', login)
    const account = await choose(accounts, login, values.page, world, asker)
    const channels = openChannels(path, world)
    const standing = channels.find(account.id)
    if (standing !== null) checkAgreement(standing, account, login, channels.path)
    const isKept = !values.renew && (await keepsToken(standing, account, login, connector))
    const subscribed = taken(await connector.subscribe(login, account), 'subscribe it to webhooks', login)

    write(world, `${account.id} (${describe(account)}):`)
    if (!lasting.isExchanged) write(world, '• Meta does not exchange its token: it is taken as one that lasts already')
    const fields = WEBHOOK_FIELDS[login.platform].join(', ')
    write(world, `✓ ${subscribed === 'now' ? 'subscribed' : 'subscribed already'}: ${fields}`)
    if (isKept) {
      write(
        world,
        `✓ its channel and token stand in ${channels.path}, and are left as they are (--renew replaces a token that works)`,
      )
    } else {
      // Somebody may have changed the file while Meta was asked.
      const file = save(openChannels(path, world), account, login.graphUrl, world)
      write(world, `✓ its token is in ${file}, which only its owner may read`)
      write(world, `✓ its channel ${standing === null ? 'is added to' : 'has this token in'} ${channels.path}`)
    }
    const now = openChannels(path, world).find(account.id)!
    await prove(graphUrlOf(now, account, login), isKept ? standing!.token! : account.token)
    write(world, '✓ a probe says that the token works\n')
    write(world, whatIsLeft(account.id, now, channels, world))
    return EXIT.done
  } finally {
    asker.close()
    await connector.close()
  }
}

/** The token that stands is kept as long as it works for this account: each run may get another from Meta. */
async function keepsToken(standing: Standing | null, account: Account, login: Login, connector: Connector) {
  const token = standing?.token ?? null
  if (token === null) return false
  if (token === account.token) return true
  const owner = await connector.ownerOf(login, token)
  return owner.is === 'ok' && owner.value === account.owner
}

async function prove(graphUrl: string, token: string): Promise<void> {
  const prober = createProber()
  const outcome = await prober.probe(graphUrl, token)
  await prober.close()
  if (outcome.is === 'works') return
  const why =
    outcome.is === 'refused' ? 'Meta refuses the token' : `nobody knows whether the token works: ${graphUrl} answers`
  throw new Trouble(EXIT.failed, `✗ ${why} (${printable(outcome.code)}).`)
}
