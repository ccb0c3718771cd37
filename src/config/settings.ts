import {
  bearer,
  choice,
  duration,
  httpUrl,
  id,
  keyPrefix,
  listOf,
  notificationTypes,
  signingSecret,
  text,
  trustProxy,
  webhookUrl,
  whole,
} from './kinds.js'
import { policySettings } from './policy-settings.js'
import { redisUrl } from './redis-url.js'
import { setting, type ValueOf } from './setting.js'

/** The settings of the environment; reading, printing and documentation are derived from this table. */
export const settings = {
  HOST: setting(text, { default: '0.0.0.0', meaning: 'the address to listen on' }),
  PORT: setting(whole(0, 65_535), { default: '3000', meaning: 'the port to listen on; 0 picks a free one' }),
  LOG_LEVEL: setting(choice('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), {
    default: 'info',
    meaning: 'the least severe log lines that are written',
  }),
  TRUST_PROXY: setting(trustProxy, {
    default: 'off',
    meaning: "whose X-Forwarded-* headers count: on, off, or the proxies' addresses, comma-separated",
  }),
  META_APP_SECRETS: setting(listOf(text), {
    required: true,
    secret: true,
    meaning: 'the app secret(s) of your Meta app, comma-separated; any of them may sign',
  }),
  META_VERIFY_TOKEN: setting(text, {
    required: true,
    secret: true,
    meaning: "the word you choose and also enter as verify token in your Meta app's webhook settings",
  }),
  META_APP_IDS: setting(listOf(id), { default: '', meaning: 'our own Meta app id(s), comma-separated' }),
  BOT_APP_IDS: setting(listOf(id), {
    default: '',
    meaning: 'other apps whose echoes count as the bot, comma-separated ids',
  }),
  // Required unless API_AUTH=none, which is checked once all settings are known.
  API_TOKENS: setting(listOf(bearer), {
    default: '',
    secret: true,
    meaning:
      'the bearer token(s) for /api/*, comma-separated; `name:token` gives one a name for the log; required unless API_AUTH is none',
  }),
  DIFY_TOKENS: setting(listOf(bearer), {
    default: '',
    secret: true,
    meaning: "bearer token(s) for Dify's calls alone, comma-separated",
  }),
  API_AUTH: setting(choice('required', 'none'), {
    default: 'required',
    meaning: 'none: marking a bot response and reporting a sent message need no token',
  }),
  STORE: setting(choice('memory', 'redis', 'sqlite'), {
    meaning: 'memory, redis or sqlite; where not given, redis if REDIS_URL is, sqlite if DATA_DIR is',
  }),
  REDIS_URL: setting(redisUrl, {
    secret: true,
    meaning: 'redis://, rediss://, several comma-separated (a cluster), redis+cluster:// or redis+sentinel://',
  }),
  REDIS_PREFIX: setting(keyPrefix, { default: 'mr', meaning: 'what the name of every key in Redis begins with' }),
  DATA_DIR: setting(text, { meaning: 'a directory of its own, where everything lasts in the file message-router.db' }),
  SQLITE_SYNC: setting(choice('normal', 'full'), {
    default: 'normal',
    meaning: 'normal: a power cut may lose the last moments, a killed process nothing; full: neither, but slower',
  }),
  CHANNELS_FILE: setting(text, { meaning: 'the path of a JSON file with the channels' }),
  CHANNEL_ID: setting(id, { meaning: 'the id of the page or account, for one channel without a file' }),
  CHANNEL_PLATFORM: setting(choice('instagram', 'facebook'), {
    default: 'instagram',
    meaning: "that channel's platform: instagram or facebook",
  }),
  CHANNEL_TOKEN: setting(bearer, { secret: true, meaning: "that channel's access token, for sending" }),
  CHANNEL_GRAPH_URL: setting(httpUrl, { meaning: "the Graph API's address; where not given, by platform" }),
  DIFY_URL: setting(httpUrl, { meaning: "the address of that channel's Dify API, such as https://api.dify.ai/v1" }),
  DIFY_KEY: setting(bearer, { secret: true, meaning: "the API key of that channel's Dify app" }),
  DIFY_APP: setting(choice('chat', 'workflow'), {
    default: 'chat',
    meaning: 'the kind of that app: chat (chat, agent, chatflow) or workflow',
  }),
  REPLIES: setting(choice('router', 'dify'), {
    default: 'router',
    meaning: 'who sends the answer: router, or dify (the workflow itself)',
  }),
  NOTIFY_URL: setting(webhookUrl, {
    secret: true,
    meaning: 'where signed webhooks tell of what happens on all channels',
  }),
  NOTIFY_SECRET: setting(signingSecret, {
    secret: true,
    meaning: 'whsec_ and a key in base64, by which their receiver knows that they are genuine',
  }),
  NOTIFY_EVENTS: setting(notificationTypes, {
    default: 'conversation.*, dead_letter.*, channel.*',
    meaning: 'which of them are sent, comma-separated; message.* is all of a family',
  }),
  ...policySettings,
  API_RATE_LIMIT: setting(whole(1, 1_000_000_000), { default: '30000', meaning: 'requests a minute for one token' }),
  ANONYMOUS_RATE_LIMIT: setting(whole(1, 1_000_000_000), {
    default: '1200',
    meaning:
      'requests a minute of all callers without a token together, where API_AUTH is none; and 250 bytes for each, by the hour',
  }),
  MAX_CONNECTIONS: setting(whole(10, 1_000_000), {
    default: '2000',
    meaning: 'open connections besides WebSockets; above it the one without a request for longest is closed',
  }),
  MAX_BODIES_MIB: setting(whole(2, 100_000), {
    default: '16',
    meaning: 'MiB of request bodies that are being received at a time; above it the largest is given up',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(httpUrl, {
    meaning: 'a collector of traces, by OTLP over HTTP with JSON, such as http://collector:4318',
  }),
  METRICS_CHANNELS: setting(choice('on', 'off'), {
    default: 'on',
    meaning: 'off: no metrics for each channel, which have its id as a label',
  }),
  SHUTDOWN_GRACE: setting(duration({ max: 3_600_000 }), {
    default: '25s',
    meaning: 'how long running work may take to end when the process is told to stop',
  }),
}

type Settings = typeof settings
export type SettingName = keyof Settings
export type Values = { readonly [N in SettingName]: ValueOf<Settings[N]> }

/** The settings that become fields of every channel's policy. */
export type PolicyName = keyof typeof policySettings
export type PolicyValues = Pick<Values, PolicyName>
export type PolicyFields = { readonly [N in PolicyName as Settings[N]['policy']]: Values[N] }

export const settingNames = Object.keys(settings) as readonly SettingName[]
export const policyNames = Object.keys(policySettings) as readonly PolicyName[]
