import { GRAPH } from '../../config/channel.js'
import type { Account } from '../../meta/accounts.js'
import type { Login } from '../../meta/connect.js'
import { EXIT, Trouble } from '../command.js'
import type { Standing } from './open-channels.js'

/** Fails where a channel of the file is not what was chosen: what connecting leaves alone has to be right already. */
export function checkAgreement(standing: Standing, account: Account, login: Login, path: string): void {
  const { row } = standing
  const at = graphUrlOf(standing, account, login)
  const isThere = URL.canParse(at) && new URL(at).origin === new URL(login.graphUrl).origin
  const wrong = [
    ...(row['platform'] === account.platform ? [] : [`"platform": "${account.platform}"`]),
    ...(isThere ? [] : [`"graphUrl": "${login.graphUrl}"`]),
    ...((row['sendAs'] ?? account.id) === account.owner ? [] : [`"sendAs": "${account.owner}"`]),
  ]
  if (wrong.length === 0) return
  const why = `Channel ${account.id} stands in ${path} without ${wrong.join(' and ')}`
  throw new Trouble(EXIT.failed, `${why}: change it there, or take the channel out. Nothing was connected.`)
}

/** As the channel has it, or will have it. */
export function graphUrlOf(standing: Standing | null, { platform }: Account, login: Login): string {
  return standing === null ? login.graphUrl : String(standing.row['graphUrl'] ?? GRAPH[platform])
}
