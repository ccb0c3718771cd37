import { parseArgs } from 'node:util'
import { startPretendDify } from './dify.js'
import { startPretendGraph } from './graph.js'

/** A pretended Meta and Dify for a router that runs beside them, until they are stopped. */

const KEY = 'app-pretended'
const LOOK_EVERY_MS = 100

const { values } = parseArgs({
  options: { graph: { type: 'string', default: '4001' }, dify: { type: 'string', default: '4002' } },
})
const { env } = process
// That is how it is meant to end.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))
const secret = (env['META_APP_SECRETS'] ?? '').split(',')[0]!.trim()
if (secret === '') {
  process.stderr.write('META_APP_SECRETS is missing: set it as for the router, so that the echoes can be signed.\n')
  process.exit(1)
}
const webhook = { url: `http://127.0.0.1:${env['PORT'] || '3000'}/webhook`, secret }

try {
  const graph = await startPretendGraph({ port: Number(values.graph), webhook })
  const dify = await startPretendDify({ port: Number(values.dify), apps: { [KEY]: {} } })
  process.stdout.write(`Pretends to be Meta and Dify. The router takes them for real with these settings beside its own:

  export CHANNEL_TOKEN=any CHANNEL_GRAPH_URL=${graph.url} DIFY_URL=${dify.url} DIFY_KEY=${KEY}

Then let a customer write (npm run send-webhook -- --text "hi"): here you see what Dify is asked and what leaves.
Both can be told what to do, such as to refuse the next message (/_control/requests shows what came):

  curl -d '{"page": "*", "faults": [{"error": {"code": 190, "status": 401}}]}' ${graph.url}/_control/script

`)
  const shown = new Set<object>()
  const isNews = (each: object): boolean => !shown.has(each) && Boolean(shown.add(each))
  setInterval(() => {
    for (const { query } of dify.calls.filter(isNews)) process.stdout.write(`Dify is asked: ${query}\n`)
    const answered = graph.sends.filter(({ status }) => status !== null)
    for (const { recipient, text, error } of answered.filter(isNews)) {
      const refusal = error === null ? '' : ` refused, ${error.code}`
      process.stdout.write(`to ${recipient}: ${text ?? '(an attachment)'}${refusal}\n`)
    }
  }, LOOK_EVERY_MS)
} catch (error) {
  process.stderr.write(`Cannot start: ${(error as Error).message}\n`)
  process.exit(1)
}
