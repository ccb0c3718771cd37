import type { NotifyTarget } from '../conversation/channel.js'
import type { Environment, Lookup } from './environment.js'
import { notificationTypes, signingSecret, webhookUrl } from './kinds.js'
import type { Report } from './report.js'
import { settings } from './settings.js'
import type { Sheet } from './sheet.js'

/** The notification targets: the environment's for all channels, and a channel's own `notify`. */

/** The minimum of the Standard Webhooks specification. */
const SHORT_KEY_BYTES = 24

function warnOfShortKey(secret: string | null, at: string, report: Report): void {
  if (secret === null || Buffer.from(secret.slice('whsec_'.length), 'base64').length >= SHORT_KEY_BYTES) return
  report.warn(`${at} has a key of less than ${SHORT_KEY_BYTES} bytes: better ones come from openssl rand -base64 32`)
}

export function notifyOf({ values, given }: Environment, lookup: Lookup, report: Report): NotifyTarget | null {
  const { NOTIFY_URL: url, NOTIFY_SECRET: secret, NOTIFY_EVENTS: events } = values
  const isAbsent = (name: 'NOTIFY_URL' | 'NOTIFY_SECRET'): boolean => lookup(name, true).is === 'absent'
  if (given.has('NOTIFY_URL') && isAbsent('NOTIFY_SECRET')) {
    report.bad(`NOTIFY_SECRET is required with NOTIFY_URL: ${settings.NOTIFY_SECRET.meaning}`)
  }
  if (given.has('NOTIFY_SECRET') && isAbsent('NOTIFY_URL')) {
    report.warn('NOTIFY_SECRET has no effect without NOTIFY_URL')
  }
  warnOfShortKey(secret, 'NOTIFY_SECRET', report)
  return url === null || secret === null ? null : { url, secret, events }
}

export function readNotify(sheet: Sheet, { values }: Environment, report: Report): NotifyTarget | null {
  const url = sheet.need('url', webhookUrl, 'where signed webhooks tell of what happens on this channel')
  const secret = sheet.need('secret', signingSecret, settings.NOTIFY_SECRET.meaning)
  const events = sheet.take('events', notificationTypes) ?? values.NOTIFY_EVENTS
  sheet.done()
  warnOfShortKey(secret, sheet.at('secret'), report)
  return url === null || secret === null ? null : { url, secret, events }
}
