import type { Piece } from '../conversation/answer/answer.js'
import type { Edit } from './edits.js'
import { PICTURE } from './literal.js'
import { lineEnd, lineStart, type Picture, pastBlanks } from './page.js'

/** Where a text shows pictures, it is cut: they are messages of their own. */

/** A text with a stand-in for each picture that was in it, on a line of its own. */
export interface Plain {
  readonly text: string
  readonly pictures: readonly Picture[]
}

const STAND_IN = new RegExp(`(${PICTURE}\\d)`)
const ONLY_A_MARK = /^[ \t]*(?:•|\d{1,9}[.)])[ \t]*$/

/** Puts each stand-in on a line of its own, an empty one before and behind it. */
export function settlePictures(text: string, pictures: readonly Picture[]): readonly Edit[] {
  const edits: Edit[] = []
  for (let at = text.indexOf(PICTURE); at >= 0; ) {
    const [from, to] = [lineStart(text, at), lineEnd(text, at)]
    const insert = settledLine(text.slice(from, to), pictures)
    edits.push({ from, to, insert })
    if (isStandIn(insert.trimEnd().slice(-2))) edits.push(withoutIndent(text, to))
    at = text.indexOf(PICTURE, to)
  }
  return edits
}

/** What stands behind a picture is a message of its own, which is trimmed; an indent that will go marks no code. */
function withoutIndent(text: string, lineEnd: number): Edit {
  const words = lineEnd + text.slice(lineEnd).search(/\S|$/)
  const from = lineStart(text, words)
  return { from, to: pastBlanks(text, from), insert: '' }
}

function isStandIn(piece: string): boolean {
  return piece.startsWith(PICTURE)
}

function settledLine(line: string, pictures: readonly Picture[]): string {
  const pieces = line.split(STAND_IN)
  const shown = pieces.filter(isStandIn)
  const words = pieces.filter((piece) => !isStandIn(piece))
  const apart = (parts: readonly string[]): string => {
    const left = parts.map((part) => part.trim()).filter((part) => part !== '')
    const [first, last] = [left[0]!, left.at(-1)!]
    return `${isStandIn(first) ? '\n' : ''}${left.join('\n\n')}${isStandIn(last) ? '\n' : ''}`
  }
  // A row is not torn apart: its pictures follow it.
  if (shown.some((each) => pictureAt(each, pictures).isInRow)) {
    return apart([words.join('').replace(/^[ |]+|[ |]+$/g, ''), ...shown])
  }
  const [before = '', ...behind] = words
  if (!ONLY_A_MARK.test(before)) return apart(pieces)
  // Nor is a bullet left alone: it goes on with what stands behind the picture.
  const rest = behind.join('').trim()
  return apart([...shown, rest === '' ? '' : `${before.trim()} ${rest}`])
}

/** The text and its pictures, each in its place. */
export function placePictures({ text, pictures }: Plain): readonly Piece[] {
  return text.split(STAND_IN).flatMap((piece): readonly Piece[] => {
    if (piece.startsWith(PICTURE)) {
      const { url, title } = pictureAt(piece, pictures)
      return [{ is: 'attachment', attachment: { kind: 'image', url, title } }]
    }
    const words = piece.trim()
    return words === '' ? [] : [{ is: 'text', text: words }]
  })
}

function pictureAt(standIn: string, pictures: readonly Picture[]): Picture {
  return pictures[Number(standIn.at(-1))]!
}
