import { answerOf } from '../answer/answer.js'
import type { Answer } from '../conversation/answer/answer.js'
import type { Assistant, Channel, Hours, Platform } from '../conversation/channel.js'
import type { Environment } from './environment.js'
import { readHours } from './hours.js'
import { bearer, choice, foreignId, httpUrl, id, listOf, type Parser, text } from './kinds.js'
import { readNotify } from './notify.js'
import { channelPolicies, policyFields } from './policies.js'
import type { Report } from './report.js'
import { type PolicyValues, settings } from './settings.js'
import { openSheet, type Sheet } from './sheet.js'

/** A channel as written in the settings, before defaults are filled in. */
export interface ChannelDraft {
  readonly id: string
  readonly platform: Platform
  readonly name: string | null
  readonly owner: Channel['owner']
  readonly token: string | null
  readonly graphUrl: string | null
  readonly sendAs: string | null
  readonly difyTokens: readonly string[]
  readonly assistant: Assistant | null
  readonly notify: Channel['notify']
  readonly mode: 'on' | 'off' | 'test'
  readonly testers: readonly string[]
  readonly hours: Hours | null
  readonly policies: PolicyValues
  /** Where each part was written, for error messages. */
  readonly at: { readonly bot: string; readonly token: string; readonly dify: string; readonly replies: string }
}

/** The Graph API of each platform, where a channel names no other. */
export const GRAPH: Readonly<Record<Platform, string>> = {
  instagram: 'https://graph.instagram.com/v26.0',
  facebook: 'https://graph.facebook.com/v26.0',
}

/** Inputs that the router sets itself: a channel's own value would be overwritten. */
const TAKEN_INPUTS = [
  ...['conversation_id', 'page_id', 'user_id', 'platform', 'message_id'],
  ...['customer_name', 'payload', 'query', 'human_transcript'],
]

const inputs: Parser<Assistant['inputs']> = {
  parse: (value) => {
    const entries = value instanceof Object && !Array.isArray(value) ? Object.entries(value) : null
    const plain = entries?.every(([, item]) => ['string', 'number', 'boolean'].includes(typeof item))
    if (!entries || !plain) return { is: 'bad', why: 'must be an object of texts, numbers, true and false' }
    return { is: 'ok', value: Object.fromEntries(entries) }
  },
}

function readAssistant(sheet: Sheet, report: Report): Assistant | null {
  const url = sheet.need('url', httpUrl, settings.DIFY_URL.meaning)
  const key = sheet.need('key', bearer, settings.DIFY_KEY.meaning)
  const app = sheet.take('app', settings.DIFY_APP.kind) ?? 'chat'
  const replies = sheet.take('replies', settings.REPLIES.kind) ?? 'router'
  const given = sheet.take('inputs', inputs) ?? {}
  for (const name of TAKEN_INPUTS.filter((one) => Object.hasOwn(given, one))) {
    report.warn(`${sheet.at('inputs')}.${name} has no effect: the router sets that input itself`)
  }
  sheet.done()
  return url === null || key === null ? null : { url, key, app, replies, inputs: given }
}

function readOwner(sheet: Sheet): Channel['owner'] {
  const ownerId = sheet.need('id', foreignId, 'the id of the account that owns the channel')
  const email = sheet.take('email', text)
  sheet.done()
  return ownerId === null ? null : { id: ownerId, email }
}

/** Parses one row of the channels file. Null when it has no id or platform, which is reported then. */
export function readDraft(sheet: Sheet, environment: Environment, report: Report): ChannelDraft | null {
  const channelId = sheet.need('id', id, settings.CHANNEL_ID.meaning)
  const platform = sheet.need('platform', settings.CHANNEL_PLATFORM.kind, 'instagram or facebook')
  const owner = sheet.sheet('owner')
  const dify = sheet.sheet('dify')
  const hours = sheet.sheet('hours')
  const notify = sheet.sheet('notify')
  const bot = sheet.sheet('bot') ?? openSheet({}, sheet.at('bot'), report)!
  const draft = {
    name: sheet.take('name', text),
    owner: owner && readOwner(owner),
    token: sheet.take('token', bearer),
    graphUrl: sheet.take('graphUrl', httpUrl),
    sendAs: sheet.take('sendAs', id),
    difyTokens: sheet.take('difyTokens', listOf(bearer)) ?? [],
    assistant: dify && readAssistant(dify, report),
    notify: notify && readNotify(notify, environment, report),
    mode: bot.take('mode', choice('on', 'off', 'test')) ?? 'on',
    testers: bot.take('testers', listOf(id)) ?? [],
    hours: hours && readHours(hours, report),
    policies: channelPolicies(environment, bot, report),
    at: {
      bot: sheet.at('bot'),
      token: sheet.at('token'),
      dify: sheet.at('dify.url'),
      replies: sheet.at('dify.replies'),
    },
  }
  bot.done(sheet)
  sheet.done(bot)
  return channelId === null || platform === null ? null : { id: channelId, platform, ...draft }
}

/** The channel of a router that is configured by the environment alone. */
export function draftFromEnvironment(
  { values }: Environment,
  channelId: string,
  assistant: Assistant | null,
  policies: PolicyValues,
): ChannelDraft {
  return {
    id: channelId,
    platform: values.CHANNEL_PLATFORM,
    name: null,
    owner: null,
    token: values.CHANNEL_TOKEN,
    graphUrl: values.CHANNEL_GRAPH_URL,
    sendAs: null,
    difyTokens: [],
    assistant,
    notify: null,
    mode: 'on',
    testers: [],
    hours: null,
    policies,
    at: { bot: 'CHANNEL_ID', token: 'CHANNEL_TOKEN', dify: 'DIFY_URL', replies: 'REPLIES' },
  }
}

/** A fixed text of the settings, formatted like an answer of the assistant. */
function saidBySettings(text: string | null, { policies }: ChannelDraft): Answer | null {
  if (text === null) return null
  const said = { text, files: [], quickReplies: [] }
  return answerOf(said, { markdown: policies.MARKDOWN, base: null })
}

/** The apps whose echoes count as the bot's. */
export interface Apps {
  readonly ours: readonly string[]
  readonly others: readonly string[]
}

export function channelOf(draft: ChannelDraft, apps: Apps, report: Report): Channel {
  const botApps = [...apps.ours, ...apps.others]
  const { at, assistant, platform, mode } = draft
  const workflowSends = assistant?.replies === 'dify'
  if (workflowSends && platform === 'facebook' && botApps.length === 0) {
    report.bad(
      `${at.replies} is dify on facebook, which needs META_APP_IDS or BOT_APP_IDS: set the id of the app that ` +
        'sends the answers, or the first answer would pause the bot',
    )
  }
  if (assistant !== null && !workflowSends && draft.token === null) {
    report.warn(
      `${at.token} is not set: the router can ask the assistant of channel ${draft.id}, but not send the answers`,
    )
  }
  if (draft.policies.BACKFILL > 0 && draft.token === null) {
    report.warn(`${at.token} is not set: missed messages of channel ${draft.id} cannot be read (BACKFILL)`)
  }
  if (assistant !== null && !/\/v1\/?$/.test(new URL(assistant.url).pathname)) {
    report.warn(`${at.dify} does not end in /v1, as the address of a Dify API does`)
  }
  if (mode === 'test' && draft.testers.length === 0) {
    report.warn(`${at.bot} has mode test without testers: nobody gets answers on channel ${draft.id}`)
  }
  const { HANDOFF_TEXT: handoffText, HANDOFF_WORDS: handoffWords } = draft.policies
  if (handoffText !== null && handoffWords.length === 0) {
    report.warn(
      `channel ${draft.id} has HANDOFF_TEXT without HANDOFF_WORDS: no customer's word brings it, only a Dify run that waits for a person`,
    )
  }
  return {
    id: draft.id,
    platform,
    name: draft.name,
    owner: draft.owner,
    token: draft.token,
    tokenExpiresAt: 0,
    graphUrl: draft.graphUrl ?? GRAPH[platform],
    sendAs: draft.sendAs ?? draft.id,
    difyTokens: draft.difyTokens,
    assistant,
    notify: draft.notify,
    policy: {
      platform,
      mode,
      testers: new Set(draft.testers),
      hasAssistant: assistant !== null,
      assistantSends: workflowSends,
      canSend: draft.token !== null,
      botApps: new Set(botApps),
      ownApps: new Set(apps.ours),
      hours: draft.hours,
      ...policyFields(draft.policies),
      fallback: saidBySettings(draft.policies.FALLBACK_TEXT, draft),
      intro: saidBySettings(draft.policies.INTRO_TEXT, draft),
    },
  }
}
