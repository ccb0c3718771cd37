import { columns, padded, printable, wrapped } from '../terminal/text.js'

/** Formats the demo's lines: author, text, and the router's decision, in columns where there is room. */

export interface Row {
  readonly who: 'customer' | 'person' | 'bot' | 'workflow' | 'staff' | 'Dify' | 'router'
  readonly text: string
  readonly decision?: string
  /** Whether the result is as expected; undefined when nothing was expected. */
  readonly isRight?: boolean
  /** The expected result. */
  readonly must?: string
}

export interface Paper {
  title(text: string): string
  row(row: Row): string
  note(text: string): string
  problem(text: string): string
  /** Text without columns, wrapped. */
  plain(text: string): string
}

const WHO_WIDTH = 10
const TEXT_WIDTH = 38
const TEXT_AT = WHO_WIDTH + 2
const DECISION_AT = TEXT_AT + TEXT_WIDTH + 2
/** From this width on the longest usual decision fits beside its text; otherwise it goes below. */
const WIDE = DECISION_AT + 58

const STYLES = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
} as const
type Style = keyof typeof STYLES

const COLOUR_OF: Readonly<Record<Row['who'], Style>> = {
  customer: 'cyan',
  person: 'yellow',
  bot: 'magenta',
  workflow: 'magenta',
  staff: 'yellow',
  Dify: 'blue',
  router: 'green',
}

export function createPaper(isColoured: boolean, width: number): Paper {
  const paint = (style: Style, text: string): string => (isColoured ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text)
  const painted = (style: Style) => (text: string) =>
    fitting(text, width)
      .map((line) => (line === '' ? '' : paint(style, line)))
      .join('\n')
  const decisionAt = width < WIDE ? TEXT_AT + 2 : DECISION_AT

  function verdict({ decision = '', isRight, must }: Row): readonly string[] {
    const room = width - decisionAt
    if (isRight === undefined) return wrapped(decision, room).map((line) => paint('dim', line))
    if (!isRight) return wrapped(`✗ ${decision} — must be: ${must}`, room).map((line) => paint('red', line))
    const [first, ...rest] = wrapped(decision, room - 2).map((line) => paint('dim', line))
    return [`${paint('green', '✓')} ${first}`, ...rest.map((line) => `  ${line}`)]
  }

  return {
    title: painted('bold'),
    row(row) {
      const said = wrapped(printable(row.text), width - TEXT_AT)
      const decided = row.decision === undefined ? [] : verdict(row)
      const isBeside = width >= WIDE && said.length === 1 && columns(said[0]!) <= TEXT_WIDTH && decided.length > 0
      const text = isBeside ? [`${padded(said[0]!, TEXT_WIDTH)}  ${decided[0]}`] : said
      const below = (isBeside ? decided.slice(1) : decided).map((line) => ' '.repeat(decisionAt) + line)
      const who = paint(COLOUR_OF[row.who], row.who.padStart(WHO_WIDTH))
      // Without a text, and with no room beside, the decision takes the text's place.
      if (!isBeside && row.text === '' && decided.length > 0)
        return [`${who}  ${decided[0]}`, ...below.slice(1)].join('\n')
      const [first, ...others] = text
      return [`${who}  ${first}`, ...others.map((line) => ' '.repeat(TEXT_AT) + line), ...below].join('\n')
    },
    note: painted('dim'),
    problem: painted('red'),
    plain: (text) => fitting(text, width).join('\n'),
  }
}

/** Wraps each line of a text separately, with its indent. A line of a single word is an address and is not broken. */
function fitting(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const indent = /^ */.exec(line)![0]
    if (!line.trim().includes(' ')) return [line]
    return wrapped(line.slice(indent.length), width - indent.length).map((part) => indent + part)
  })
}
