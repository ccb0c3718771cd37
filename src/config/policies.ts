import { formatDuration } from '../conversation/text/duration.js'
import type { Environment } from './environment.js'
import type { Report } from './report.js'
import type { Setting } from './setting.js'
import { type PolicyFields, type PolicyName, type PolicyValues, policyNames, settings } from './settings.js'
import type { Sheet } from './sheet.js'

/** A set of policy values, and where each value that is not a default was written. */
interface Layer {
  readonly values: PolicyValues
  readonly origins: ReadonlyMap<PolicyName, string>
}

/** When only one of the two debounce settings was given, the other's default is adjusted to it. */
function settleDebounce({ values, origins }: Layer, report: Report): PolicyValues {
  const { DEBOUNCE: quiet, DEBOUNCE_MAX: longest } = values
  if (quiet <= longest) return values
  const [quietAt, longestAt] = [origins.get('DEBOUNCE'), origins.get('DEBOUNCE_MAX')]
  if (quietAt === undefined) return { ...values, DEBOUNCE: longest }
  if (longestAt !== undefined) {
    report.bad(
      `${quietAt} (${formatDuration(quiet)}) must not be longer than ${longestAt} (${formatDuration(longest)})`,
    )
  }
  return { ...values, DEBOUNCE_MAX: quiet }
}

const layerOf = ({ values, given }: Environment): Layer => ({
  values,
  origins: new Map(policyNames.filter((name) => given.has(name)).map((name) => [name, name])),
})

/** The policy of a channel: its own values over those of the environment. An empty text removes a text or a list. */
export function channelPolicies(environment: Environment, bot: Sheet | null, report: Report): PolicyValues {
  const common = layerOf(environment)
  if (bot === null) return settleDebounce(common, report)
  const own: Partial<Record<PolicyName, unknown>> = {}
  const origins = new Map(common.origins)
  for (const name of policyNames) {
    const { bot: key, kind, default: standard }: Setting<unknown> = settings[name]
    if (key === undefined) continue
    const cleared = bot.raw(key) === '' && standard === undefined
    const value = cleared ? null : bot.take(key, kind)
    if (value === null && !cleared) continue
    own[name] = value
    origins.set(name, bot.at(key))
  }
  return settleDebounce({ values: { ...common.values, ...own } as PolicyValues, origins }, report)
}

export const policyFields = (values: PolicyValues): PolicyFields =>
  Object.fromEntries(policyNames.map((name) => [settings[name].policy, values[name]])) as unknown as PolicyFields
