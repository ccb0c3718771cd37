/** What the demo's lines look like: who, what was said, and what the router made of it, in columns. */

export interface Row {
  readonly who: 'customer' | 'person' | 'bot' | 'workflow' | 'staff' | 'Dify' | 'router'
  readonly text: string
  readonly decision?: string
  /** Whether it had to be so; nothing where nothing had to be. */
  readonly isRight?: boolean
  /** What had to be instead. */
  readonly must?: string
}

export interface Paper {
  title(text: string): string
  row(row: Row): string
  note(text: string): string
  problem(text: string): string
}

const WHO_WIDTH = 10
const TEXT_WIDTH = 38
const WIDTH = 98

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

export function createPaper(isColoured: boolean): Paper {
  const paint = (style: Style, text: string): string => (isColoured ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text)

  function verdict({ decision = '', isRight, must }: Row): string {
    if (isRight === undefined) return paint('dim', decision)
    if (isRight) return `${paint('green', '✓')} ${paint('dim', decision)}`
    return paint('red', `✗ ${decision} — must be: ${must}`)
  }

  return {
    title: (text) => paint('bold', text),
    row(row) {
      const who = paint(COLOUR_OF[row.who], row.who.padStart(WHO_WIDTH))
      const lines = folded(row.text)
      const last = lines.at(-1)!
      const said = lines.join(`\n${' '.repeat(WHO_WIDTH + 2)}`)
      if (row.decision === undefined) return `${who}  ${said}`
      const isBeside = lines.length === 1 && columns(last) <= TEXT_WIDTH
      const gap = isBeside ? ' '.repeat(TEXT_WIDTH - columns(last) + 2) : `\n${' '.repeat(WHO_WIDTH + TEXT_WIDTH + 4)}`
      return `${who}  ${said}${gap}${verdict(row)}`
    },
    note: (text) => paint('dim', text),
    problem: (text) => paint('red', text),
  }
}

/** Broken at blanks where there are some; a line break that somebody wrote is shown as a sign. */
function folded(text: string): readonly string[] {
  const room = WIDTH - WHO_WIDTH - 2
  const lines: string[] = []
  let line = ''
  for (const word of printable(text)
    .split(' ')
    .flatMap((word) => cut(word, room))) {
    if (line !== '' && columns(line) + 1 + columns(word) > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function cut(word: string, room: number): readonly string[] {
  const signs = [...word]
  const pieces: string[] = []
  do pieces.push(signs.splice(0, room).join(''))
  while (signs.length > 0)
  return pieces
}

/** What somebody wrote must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/\r?\n/g, ' ⏎ ').replace(/\p{Cc}/gu, '�')
}

/** As a terminal counts, near enough: an emoji takes two. */
function columns(text: string): number {
  return [...text].reduce((sum, sign) => sum + (/\p{Emoji_Presentation}/u.test(sign) ? 2 : 1), 0)
}
