/** Text as a terminal shows it: how wide it is, where its lines break, and nothing in it that steers the terminal. */

/** A line break that somebody wrote is shown as a sign. */
export function printable(text: string): string {
  return text.replace(/\r?\n/g, ' ⏎ ').replace(/\p{Cc}/gu, '�')
}

/** As a terminal counts, near enough: an emoji takes two columns. */
export function columns(text: string): number {
  return [...text].reduce((sum, sign) => sum + columnsOf(sign), 0)
}

/** Lines of at most so many columns, broken at blanks; a word that fits no line is cut. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((word) => cut(word, width))) {
    if (line !== '' && columns(line) + 1 + columns(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** The beginning that fits into so many columns, with a sign where the rest is missing. */
export function shortened(text: string, width: number): string {
  return columns(text) <= width ? text : `${cut(text, width - 1)[0]}…`
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)))
}

function cut(word: string, width: number): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  let room = width
  for (const sign of word) {
    const size = columnsOf(sign)
    if (size > room && piece !== '') {
      pieces.push(piece)
      piece = ''
      room = width
    }
    piece += sign
    room -= size
  }
  return [...pieces, piece]
}

function columnsOf(sign: string): number {
  return /\p{Emoji_Presentation}/u.test(sign) ? 2 : 1
}
