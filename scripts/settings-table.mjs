// Writes docs/settings.md, and the few settings that the README names, from the table that the program itself reads its
// settings by:
//   node scripts/settings-table.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const head = `# Settings

All of them come from the environment. Durations read \`500ms\`, \`3s\`, \`10m\`, \`6h\`, \`30d\`, \`0\` (off) or, where it makes
sense, \`forever\`. A secret (🔑) may come as \`NAME_FILE=/path\` instead, for mounted secrets; both at once is an error.
\`npm run check-config\` names every problem at once and prints what is in effect, with secrets masked.

| name | default | meaning | in a channel's \`bot\` |
| --- | --- | --- | --- |
`

const tail = `
## Channels

One channel needs no file: \`CHANNEL_ID\` and its companions above are enough. For more, \`CHANNELS_FILE\` names a JSON file.
\`\${NAME}\` in any of its strings is replaced by the variable \`NAME\`, else by the content of the file that \`NAME_FILE\` names, else by that of a file called \`NAME\`
in the same folder, so that no secret has to stand in it.
[\`message-router connect\`](command.md#connecting-a-page) writes a channel and its token for you.

\`\`\`json
{"channels": [{
  "id": "17841400000000001", "platform": "instagram", "name": "my_shop", "token": "\${IG_TOKEN}",
  "dify": {"url": "https://api.dify.ai/v1", "key": "\${DIFY_KEY}", "app": "chat", "replies": "dify"},
  "difyTokens": ["\${DIFY_ROUTER_TOKEN}"],
  "bot": {"mode": "on", "testers": [], "pause": "6h", "flagTtl": "2m"},
  "owner": {"id": "42", "email": "owner@example.com"}
}]}
\`\`\`

| key | meaning |
| --- | --- |
| \`id\`, \`platform\` | **required**: the account's or page's id as webhooks name it (the log's \`unknown_channel\` line has it), and \`instagram\` or \`facebook\` |
| \`token\` | to send with, and to ask for names; one that ends is [refreshed](operating.md#tokens-that-end) |
| \`graphUrl\`, \`sendAs\` | where, and as whom: \`https://graph.instagram.com/v26.0\` or \`https://graph.facebook.com/v26.0\` by platform, and the \`id\` |
| \`dify\` | \`url\` and \`key\` (both required in it), \`app\`, \`replies\`, and \`inputs\`: an object of further inputs |
| \`difyTokens\` | bearer tokens for this channel's Dify calls |
| \`notify\` | \`{"url", "secret", "events"}\`: where [notifications](notifications.md) of this channel go, besides \`NOTIFY_URL\` |
| \`hours\` | [when the shop is open](shop.md#hours) |
| \`bot\` | \`mode\`, \`testers\`, and the settings of the last column above |
| \`name\`, \`owner\` | for people and programs that look on: a word, and \`{"id", "email"}\` (the id as a text or a number) |

An Instagram account that is reached through its Facebook Page has \`"platform": "instagram"\`, the Instagram account's \`id\`,
\`"graphUrl": "https://graph.facebook.com/v26.0"\`, \`"sendAs"\` the Page's id, and the Page's token. A channel of the file and one
of \`CHANNEL_ID\` add up.

Every setting with a name in the last column may stand in a channel's \`bot\` object and then counts for that channel alone.
\`bot.mode\` is \`on\`, \`off\` (record and tell apart, never answer) or \`test\` (answer only the user ids in \`testers\`). A channel
without \`dify\` is recorded and classified, but never answered. A token in a channel's \`difyTokens\` is good for that channel
alone, and only for what a token in \`DIFY_TOKENS\` may do.
`

/** What a first channel takes. */
const essentials = [
  'META_APP_SECRETS',
  'META_VERIFY_TOKEN',
  'API_TOKENS',
  'DIFY_TOKENS',
  'CHANNEL_ID',
  'CHANNEL_PLATFORM',
  'CHANNEL_TOKEN',
  'META_APP_IDS',
  'DIFY_URL',
  'DIFY_KEY',
  'DIFY_APP',
  'REPLIES',
  'BOT_PAUSE',
  'FALLBACK_TEXT',
  'CHANNELS_FILE',
  'REDIS_URL',
  'TRUST_PROXY',
]
const begin = '<!-- settings: written by scripts/settings-table.mjs -->\n'
const end = '<!-- /settings -->'

export function settingsPage(settings) {
  const rows = Object.entries(settings).map(([name, setting]) => {
    return `${row(name, setting)} ${setting.bot ? `\`${setting.bot}\`` : ''} |`
  })
  return `${head}${rows.join('\n')}\n${tail}`
}

/** The README with its table as it should be. */
export function withSettings(readme, settings) {
  const before = readme.slice(0, readme.indexOf(begin) + begin.length)
  const rows = essentials.map((name) => row(name, settings[name]))
  return `${before}| name | default | meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n${readme.slice(readme.indexOf(end))}`
}

function row(name, { secret, required, default: value, meaning }) {
  const shown = required ? '**required**' : value ? `\`${value}\`` : ''
  return `| \`${name}\`${secret ? ' 🔑' : ''} | ${shown} | ${meaning.replaceAll('|', '\\|')} |`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { settings } = await import('../dist/config/settings.js')
  const readme = new URL('../README.md', import.meta.url)
  writeFileSync(new URL('../docs/settings.md', import.meta.url), settingsPage(settings))
  writeFileSync(readme, withSettings(readFileSync(readme, 'utf8'), settings))
}
