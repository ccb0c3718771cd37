import type { Assistant, Channel } from '../conversation/channel.js'
import { type ChannelDraft, channelOf, draftFromEnvironment, readDraft } from './channel.js'
import { type ChannelsFile, readChannelsFile } from './channels-file.js'
import type { Environment, Lookup, ReadFile } from './environment.js'
import { channelPolicies } from './policies.js'
import type { Report } from './report.js'
import { type SettingName, settings } from './settings.js'
import { openSheet } from './sheet.js'

export interface Channels {
  readonly channels: ReadonlyMap<string, Channel>
  /** The environment variables that the channels file refers to. */
  readonly used: ReadonlySet<string>
}

const ONE_CHANNEL: readonly SettingName[] = [
  ...(['CHANNEL_PLATFORM', 'CHANNEL_TOKEN', 'CHANNEL_GRAPH_URL'] as const),
  ...(['DIFY_URL', 'DIFY_KEY', 'DIFY_APP', 'REPLIES'] as const),
]

/**
 * The assistant of the environment. A Dify key that the channels file uses as a variable does not count as the
 * environment's own.
 */
function assistantOf({ values, given }: Environment, lookup: Lookup, file: ChannelsFile, report: Report) {
  const { DIFY_URL: url, DIFY_KEY: key, DIFY_APP: app, REPLIES: replies } = values
  if (url !== null && key !== null) return { url, key, app, replies, inputs: {} } satisfies Assistant
  for (const [name, other] of [['DIFY_URL', 'DIFY_KEY'] as const, ['DIFY_KEY', 'DIFY_URL'] as const]) {
    const wanted = given.has(other) && !file.used.has(other)
    if (wanted && lookup(name, name === 'DIFY_KEY').is === 'absent') {
      report.bad(`${name} is required with ${other}: ${settings[name].meaning}`)
    }
  }
  return null
}

function environmentDraft(
  environment: Environment,
  lookup: Lookup,
  file: ChannelsFile,
  report: Report,
): ChannelDraft | null {
  const policies = channelPolicies(environment, null, report)
  const { CHANNEL_ID: id } = environment.values
  if (id !== null) {
    return draftFromEnvironment(environment, id, assistantOf(environment, lookup, file, report), policies)
  }
  if (lookup('CHANNEL_ID', false).is === 'given') return null
  for (const name of ONE_CHANNEL) {
    if (environment.given.has(name) && !file.used.has(name)) report.warn(`${name} has no effect without CHANNEL_ID`)
  }
  const hasNoFile = environment.values.CHANNELS_FILE === null
  if (hasNoFile || (file.rows.length === 0 && report.problems.length === 0)) {
    report.warn(
      'There is no channel, so every event will be ignored (unknown_channel): set CHANNELS_FILE or CHANNEL_ID',
    )
  }
  return null
}

export function readChannels(environment: Environment, lookup: Lookup, readFile: ReadFile, report: Report): Channels {
  const { CHANNELS_FILE: path, META_APP_IDS: ours, BOT_APP_IDS: others } = environment.values
  const file = path === null ? { rows: [], used: new Set<string>() } : readChannelsFile(path, readFile, lookup, report)
  const placed = file.rows.map((row, index) => {
    const place = `channels[${index}]`
    const sheet = openSheet(row, place, report)
    return { place: `${place}.id`, draft: sheet && readDraft(sheet, environment, report) }
  })
  placed.push({ place: 'CHANNEL_ID', draft: environmentDraft(environment, lookup, file, report) })

  const channels = new Map<string, Channel>()
  const places = new Map<string, string>()
  for (const { place, draft } of placed) {
    if (draft === null) continue
    const first = places.get(draft.id)
    if (first !== undefined) report.bad(`${place} is the same as ${first}: every channel has an id of its own`)
    places.set(draft.id, first ?? place)
    channels.set(draft.id, channelOf(draft, { ours, others }, report))
  }
  return { channels, used: file.used }
}
