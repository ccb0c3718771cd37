/** Text for terminals: its width, line breaks, and control characters replaced. */

/** A line break within a text is shown as a sign. */
export function printable(text: string): string {
  return text.replace(/\r?\n/g, ' ⏎ ').replace(/\p{Cc}/gu, '�')
}

/** The approximate width in columns: an emoji takes two. */
export function columns(text: string): number {
  return [...text].reduce((sum, sign) => sum + columnsOf(sign), 0)
}

/** Wraps at spaces to a number of columns; a word that is too long is cut. */
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

/** The beginning that fits a number of columns, with a sign for the rest. */
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
