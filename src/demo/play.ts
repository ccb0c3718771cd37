/** The demo's scenes: the events, and the expected results. */

export interface Step {
  readonly title: string
  readonly acts: readonly Act[]
  /** The answer of the pretend Dify if it is asked. */
  readonly answer: string
  /** The expected question to Dify in this step; null for none, in which case the customer gets no answer. */
  readonly question: string | null
  readonly bot: Bot
}

/** `human_echo`: paused for `BOT_PAUSE` by a person's echo. */
export type Bot = 'on' | 'human_echo'

export type Act =
  | {
      readonly who: 'customer' | 'person' | 'workflow'
      readonly text: string
      readonly author: string
      readonly evidence: string | null
      readonly reason: string | null
    }
  | { readonly who: 'staff'; readonly hands: 'back' }

/** The evidence of an answer's echo depends on whether it comes before or after Meta's response. */
export const ANSWER_EVIDENCE: readonly string[] = ['message_id', 'text']

const SILENT = { answer: 'This must never be read.', question: null } as const

export const PLAY: readonly Step[] = [
  {
    title: 'A customer writes twice in a row: one question, one answer',
    acts: [
      {
        who: 'customer',
        text: 'Hi! Is the blue jacket still there?',
        author: 'customer',
        evidence: null,
        reason: null,
      },
      { who: 'customer', text: 'In size M?', author: 'customer', evidence: null, reason: null },
    ],
    question: 'Hi! Is the blue jacket still there?\nIn size M?',
    answer: 'Yes, two are left in M.',
    bot: 'on',
  },
  {
    title: 'A workflow raises the bot flag, then writes by itself: still the bot',
    acts: [{ who: 'workflow', text: 'Free shipping until Sunday!', author: 'bot', evidence: 'flag', reason: null }],
    ...SILENT,
    bot: 'on',
  },
  {
    title: 'A person takes over in the Instagram app: the bot steps aside',
    acts: [
      { who: 'person', text: 'Sara here. I put one aside for you.', author: 'human', evidence: 'none', reason: null },
    ],
    ...SILENT,
    bot: 'human_echo',
  },
  {
    title: 'The customer writes again: the bot stays silent',
    acts: [
      {
        who: 'customer',
        text: 'Great, until when?',
        author: 'customer',
        evidence: null,
        reason: 'bot_paused',
      },
    ],
    ...SILENT,
    bot: 'human_echo',
  },
  {
    title: 'The conversation is handed back to the bot',
    acts: [{ who: 'staff', hands: 'back' }],
    ...SILENT,
    bot: 'on',
  },
  {
    title: 'The customer asks again: the bot answers again',
    acts: [{ who: 'customer', text: 'What does shipping cost?', author: 'customer', evidence: null, reason: null }],
    question: 'What does shipping cost?',
    answer: 'Nothing, until Sunday.',
    bot: 'on',
  },
]
