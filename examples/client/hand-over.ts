import type { paths } from 'message-router'
import createClient from 'openapi-fetch'

const { ROUTER_URL = 'http://127.0.0.1:3000', ROUTER_TOKEN } = process.env
const router = createClient<paths>({ baseUrl: ROUTER_URL, headers: { authorization: `Bearer ${ROUTER_TOKEN}` } })

const { data, error } = await router.GET('/api/conversations', { params: { query: { bot: 'paused', limit: 10 } } })
if (error) throw new Error(`${error.code}: ${error.message}`)
for (const { id, bot } of data.conversations) {
  console.log(`${id} paused because of ${bot.reason}: handed back`)
  await router.PUT('/api/conversations/{id}/bot', { params: { path: { id } }, body: { enabled: true } })
}
