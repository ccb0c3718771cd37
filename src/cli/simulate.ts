import { setTimeout as sleep } from 'node:timers/promises'
import { startPretendDify } from '../simulator/dify.js'
import { startPretendGraph } from '../simulator/graph.js'
import { EXIT, type Run, Trouble, untilStopped, write } from './command.js'
import { firstIn, localAddress } from './settings.js'

/** A pretend Meta and Dify for a router, until they are stopped. */

const KEY = 'app-pretended'
const LOOK_EVERY_MS = 100
const [GRAPH_PORT, DIFY_PORT] = [4001, 4002]
/** Its page, if CHANNEL_ID names none. */
const PAGE = '1001'

export const run: Run = async ({ values }, world) => {
  const secret = firstIn(world, 'META_APP_SECRETS')
  if (secret === null) {
    const why = 'set it as for the router, so that the echoes can be signed.'
    throw new Trouble(EXIT.usage, `META_APP_SECRETS is missing: ${why}`)
  }
  const stop = untilStopped(world)
  const webhook = { url: `${localAddress(world)}/webhook`, secret }
  const platform = world.env['CHANNEL_PLATFORM']?.trim().toLowerCase() === 'facebook' ? 'facebook' : 'instagram'
  const pages = { [world.env['CHANNEL_ID']?.trim() || PAGE]: { platform } } as const
  const graph = await startPretendGraph({ port: values.graph ?? GRAPH_PORT, webhook, pages }).catch(taken)
  const dify = await startPretendDify({ port: values.dify ?? DIFY_PORT, apps: { [KEY]: {} } }).catch(async (error) => {
    await graph.close()
    return taken(error as Error)
  })
  write(
    world,
    `Pretends to be Meta and Dify. The router takes them for real with these settings beside its own:

  export CHANNEL_TOKEN=any CHANNEL_GRAPH_URL=${graph.url} DIFY_URL=${dify.url} DIFY_KEY=${KEY}

Then let a customer write (message-router send-webhook --text "hi"): here you see what Dify is asked and what leaves.
A page can be connected to it too: message-router connect --graph-url ${graph.url} (any user token will do).
Both can be told what to do, such as to refuse the next message (docs/simulator.md has all of it):

  curl -d '{"page": "*", "faults": [{"error": {"code": 190, "status": 401}}]}' ${graph.url}/_control/script
`,
  )
  const shown = new Set<object>()
  const isNews = (each: object): boolean => !shown.has(each) && Boolean(shown.add(each))
  while (!stop.aborted) {
    for (const { query } of dify.calls.filter(isNews)) write(world, `Dify is asked: ${query}`)
    const answered = graph.sends.filter(({ status }) => status !== null)
    for (const { recipient, text, error } of answered.filter(isNews)) {
      const refusal = error === null ? '' : ` refused, ${error.code}`
      write(world, `to ${recipient}: ${text ?? '(an attachment)'}${refusal}`)
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => {})
  }
  await Promise.all([graph.close(), dify.close()])
  return 0
}

function taken({ message }: Error): never {
  throw new Trouble(EXIT.failed, `Cannot start: ${message} (--graph and --dify name other ports)`)
}
