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
  const isInstagram = platform === 'instagram'
  if (isOfSecret(refusal)) {
    const which = isInstagram ? 'the Instagram app secret of your app' : 'the secret of the app of --app-id'
    return `META_APP_SECRETS has to hold ${which}.`
  }
  const [main = ''] = refusal.code.split('/')
  switch (main) {
    case '102':
    case '190': {
      const other = isInstagram ? ' An account that is reached through its Page takes --platform facebook.' : ''
      return `The user token has ended, or belongs to another app or login: make a new one in your Meta app.${other}`
    }
    case '3':
    case '10':
    case '200':
    case '299':
      return `The user token lacks a permission: make one with ${PERMISSIONS[platform]}.`
    case '101':
      return 'The app id is that of no app: it stands in the basic settings of your Meta app.'
    case '4':
    case '17':
    case '32':
    case '613':
    case 'http_429':
      return 'That was too often for Meta: try again in an hour.'
  }
  if (/^([12]|http_5\d\d)$/.test(main)) return 'Meta has trouble of its own: try again in a few minutes.'
  return 'Are app id, app secret and user token those of one app, and is the address of the Graph API right?'
}
