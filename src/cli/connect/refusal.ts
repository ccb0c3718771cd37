import { isOfSecret, type Login } from '../../meta/connect.js'
import type { Answered, Refusal } from '../../meta/connect-answer.js'
import { printable } from '../../terminal/text.js'
import { EXIT, Trouble } from '../command.js'

/** Meta's refusals in plain words, with what to do. */

/** The value of an answer; `task` is what Meta was to do, as in "Meta did not …". */
export function taken<T>(answer: Answered<T>, task: string, login: Login): T {
  if (answer.is === 'ok') return answer.value
  throw new Trouble(EXIT.failed, refusalWords(answer, task, login))
}

function refusalWords(refusal: Refusal, task: string, login: Login): string {
  if (refusal.is === 'lost') {
    const hint = 'Is the address right, and may this machine reach it?'
    return `No answer from ${login.graphUrl} (${printable(refusal.code)}). ${hint}`
  }
  const said = refusal.said === null ? '' : ` “${printable(refusal.said)}”`
  return `Meta did not ${task} (${refusal.code}).${said}\n${adviceFor(refusal, login)}`
}

const PERMISSIONS = {
  facebook:
    'pages_show_list, pages_manage_metadata and pages_messaging; for Instagram behind a Page instagram_basic and instagram_manage_messages too',
  instagram: 'instagram_business_basic and instagram_business_manage_messages',
} as const

function adviceFor(refusal: Extract<Refusal, { is: 'refused' }>, { platform }: Login): string {
  if (isOfSecret(refusal)) {
    const which =
      platform === 'instagram' ? 'the Instagram app secret of your app' : 'the secret of the app of --app-id'
    return `META_APP_SECRETS has to hold ${which}.`
  }
  const [, advice] = ADVICE.find(([codes]) => codes.test(refusal.code)) ?? []
  if (advice === undefined) {
    return 'Are app id, app secret and user token those of one app, and is the address of the Graph API right?'
  }
  return advice(platform)
}

/** By code, without its subcode. */
const ADVICE: readonly (readonly [RegExp, (platform: Login['platform']) => string])[] = [
  [
    /^(102|190)\b/,
    (platform) => {
      const other = platform === 'instagram' ? ' An account behind a Page takes --platform facebook.' : ''
      return `The user token has ended, or belongs to another app or login: make a new one in your Meta app.${other}`
    },
  ],
  [/^(3|10|200|299)\b/, (platform) => `The user token lacks a permission: make one with ${PERMISSIONS[platform]}.`],
  [/^101\b/, () => 'The app id is that of no app: it stands in the basic settings of your Meta app.'],
  [/^(4|17|32|613|http_429)\b/, () => 'That was too often for Meta: try again in an hour.'],
  [/^([12]|http_5\d\d)\b/, () => 'Meta has trouble of its own: try again in a few minutes.'],
]
