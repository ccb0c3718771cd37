// Writes types/api.d.ts, the types of the API for programs that call it, from the document that the router itself serves:
//   npm run build && node scripts/api-types.mjs
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'

const head = '// Made from /openapi.json by scripts/api-types.mjs.\n\n'

export async function apiTypes(document) {
  return head + astToString(await openapiTypescript(document, { alphabetize: true }))
}

async function documentOfBuild() {
  const { createApp } = await import('../dist/app.js')
  const { readConfig } = await import('../dist/config.js')
  const word = 'only-for-this-document'
  const { config } = readConfig(
    { META_APP_SECRETS: word, META_VERIFY_TOKEN: word, API_TOKENS: word, CHANNEL_ID: '1' },
    () => '',
  )
  const { pino } = await import('pino')
  const log = pino({ level: 'silent' })
  const app = await createApp({ config, log, version: '0.0.0', heapLimitBytes: 2 ** 29, onFatal: () => {} })
  const answer = await app.server.inject('/openapi.json')
  await app.stop()
  return answer.json()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('../types/api.d.ts', import.meta.url)), await apiTypes(await documentOfBuild()))
}
