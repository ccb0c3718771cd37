import { type Budget, budgetOf } from '../markdown/budget.js'
import { type Codes, codesOf } from '../markdown/codes.js'
import type { Cut } from '../markdown/cuts.js'
import type { Mark, Markdown, Span } from '../markdown/mark.js'
import { parseMarkdown } from '../markdown/parse.js'
import { DASH } from '../markdown/signs.js'
import { walk } from '../markdown/walk.js'
import { Apart } from './apart.js'
import { plainFence, plainHeading, plainInlineCode, plainQuoteMark } from './blocks.js'
import { isDigitAt, isDigitBefore, isOfPriceBefore } from './digits.js'
import { type Draft, edited, revised, trimmed } from './edits.js'
import { withoutEntities } from './entities.js'
import { plainCommentBlock, plainOpenAnchors, plainTags } from './html.js'
import { Leftovers } from './leftovers.js'
import { completeTarget, findReferences, plainAutolink, plainLink, plainReferences, takePicture } from './links.js'
import { ITEM_SIGN, plainListMark } from './lists.js'
import { literal, withoutStandIns, withSigns } from './literal.js'
import { dropLines, isFirstInLine, isLineEnd, type Page, type Picture, pastBlanks, textOf } from './page.js'
import { type Plain, settlePictures } from './pictures.js'
import { plainTable } from './tables.js'

/**
 * Markdown as a text that reads well without being rendered. The parser only says where marks stand: what is no mark is not
 * touched, so that a text without Markdown comes out as it went in.
 */
export function plainText(given: string, base: string | null): Plain {
  const pictures: Picture[] = []
  const budget = budgetOf(MOST_STEPS)
  const text = withoutStandIns(given).trim()
  let draft: Draft = { text, cuts: [] }
  let read = 0
  // Within a mark that is gone another one may begin: `**# Title**`.
  for (let pass = 0; pass < MOST_PASSES && read < MOST_READ; pass += 1) {
    if (!(pass === 0 ? MAY_HOLD_MARKS.test(text) : mayStillHold(draft))) break
    read += draft.text.length
    const next = revisedOnce(draft, base, pictures, budget)
    if (next === null || next.text === draft.text) break
    draft = { text: next.text, cuts: cutsOf(next) }
  }
  return { text: withSigns(draft.text), pictures }
}

function mayStillHold({ cuts }: Draft): boolean {
  return cuts.some(({ isPlain }) => !isPlain)
}

/** Null where it costs too much. */
function revisedOnce(draft: Draft, base: string | null, pictures: Picture[], budget: Budget): Draft | null {
  const { text } = draft
  const parsed = readDraft(draft, budget)
  if (parsed === null) return null
  const taken = pictures.length
  const page = pageOf(text, parsed, base, pictures)
  editOnce(page, parsed)
  const read = { text, cuts: parsed.cuts.map((at) => ({ at, isPlain: true })) }
  const made = revised(read, page.edits)
  const settled = pictures.length > taken ? revised(made, settlePictures(made.text, pictures)) : made
  return revised(settled, trimmed(settled.text))
}

function readDraft({ text, cuts }: Draft, budget: Budget): Markdown | null {
  const { steps } = budget
  const parsed = parseMarkdown(codesToRead(text), budget, cuts)
  if (parsed === null || parsed.definitions.length === 0 || cuts.length === 0) return parsed
  // What refers to a definition may stand in what was left out.
  budget.steps = steps
  return parseMarkdown(codesToRead(text), budget)
}

/**
 * What did not change holds no marks, if nor did what its end may depend on. Of what did, its signs may tell the same: up to
 * the next place where nothing reaches over, as a whole.
 */
function cutsOf({ text, cuts }: Draft): readonly Cut[] {
  const codes = codesOf(text)
  const apart = new Apart(codes)
  const leftovers = new Leftovers(text, codes, apart)
  const known: Cut[] = []
  let readFrom = text.length
  let behind = 0
  for (let i = cuts.length - 1; i >= 0; i -= 1) {
    const [cut, next] = [cuts[i]!, cuts[i + 1]]
    const end = next?.at ?? text.length
    const isEndApart = apart.isAt(end)
    if (isEndApart) {
      leftovers.reset()
      readFrom = end
      behind = known.length
    }
    if (cut.isPlain && (isEndApart || next!.isPlain)) {
      known.push(cut)
      continue
    }
    leftovers.readBack(cut.at, readFrom)
    readFrom = cut.at
    const isPlain = !leftovers.mayHoldMarks
    while (isPlain && known.length > behind) known.pop()
    known.push({ at: cut.at, isPlain })
  }
  return known.reverse()
}

const MOST_PASSES = 12
/** In characters: a text of 20,000 is read six times at the most. */
const MOST_READ = 80_000
const MAY_HOLD_MARKS = /[*_`<>[\]\\&~#]|^[ \t]*(?:[-+=]|[|:][|: \t]*-)|^[ \t]*\d{1,9}[.)][ \t]/m

function editOnce(page: Page, { quoteSigns, marks }: Markdown): void {
  for (const sign of quoteSigns) plainQuoteMark(page, sign)
  walk(marks, (mark, isInRow) => plain(page, mark, isInRow))
  plainReferences(page)
  plainOpenAnchors(page)
}

function pageOf(text: string, { definitions }: Markdown, base: string | null, pictures: Picture[]): Page {
  const references = findReferences({ text, base }, definitions)
  return { text, base, edits: [], pictures, references, indents: [], anchors: [] }
}

/** With `MARKDOWN=keep`: only pictures are taken out, and links lead to where they should. */
export function keptText(given: string, base: string | null): Plain {
  const text = withoutStandIns(given).trim()
  const pictures: Picture[] = []
  const parsed = /[[<]/.test(text) ? parseMarkdown(codesToRead(text), budgetOf(MOST_STEPS)) : null
  if (parsed === null) return { text, pictures }
  const page = pageOf(text, parsed, base, pictures)
  walk(parsed.marks, (mark, isInRow) => {
    if (mark.is === 'image') return takePicture(page, mark, isInRow)
    if (mark.is === 'link') completeTarget(page, mark)
    return true
  })
  const made = edited(text, page.edits)
  return { text: edited(made, settlePictures(made, pictures)).trim(), pictures }
}

/** False where what is inside needs no further look. */
function plain(page: Page, mark: Mark, isInRow: boolean): boolean {
  const { text, edits } = page
  const { from, to } = mark
  switch (mark.is) {
    case 'heading':
      plainHeading(page, mark)
      return true
    case 'item':
      plainListMark(page, mark)
      return true
    case 'fence':
      plainFence(page, mark)
      return true
    case 'table':
      plainTable(page, mark)
      return true
    case 'code':
      plainInlineCode(page, mark, isInRow)
      return true
    case 'emphasis':
      withoutPair(page, mark, 1)
      return true
    case 'strong':
    case 'struck':
      withoutPair(page, mark, 2)
      return true
    case 'escape':
      edits.push({ from, to, insert: literal(text.slice(from + 1, to)) })
      return true
    case 'entity':
      edits.push({ from, to, insert: literal(withoutEntities(textOf(page, mark))) })
      return true
    case 'line break':
      edits.push({ from, to: from + 1, insert: '' })
      return true
    case 'link':
      return plainLink(page, mark)
    case 'image':
      return takePicture(page, mark, isInRow)
    case 'autolink':
      plainAutolink(page, mark)
      return true
    case 'tag':
    case 'html block':
      plainTags(page, from, to, isInRow)
      return true
    case 'comment':
      edits.push({ from, to, insert: '' })
      return true
    case 'comment block':
      plainCommentBlock(page, mark)
      return true
    default:
      mark.is satisfies 'rule'
      dropLines(page, mark)
      return true
  }
}

function withoutPair({ text, edits }: Page, { from, to }: Span, size: number): void {
  if (isSign(text, from, to, size)) return
  edits.push({ from, to: from + size, insert: '' }, { from: to - size, to, insert: '' })
}

/** `10*20*30` is a sum, and behind a price a star leads to what stands below it. */
function isSign(text: string, from: number, to: number, size: number): boolean {
  if (text[from] !== '*') return false
  const isBetweenDigits = (at: number): boolean => isDigitBefore(text, at) && isDigitAt(text, at + size)
  const isAtPrice = size === 1 && isOfPriceBefore(text, from)
  const isAlone = '),.;:'.includes(text[from + size]!)
  return isAtPrice || isAlone || isBetweenDigits(from) || isBetweenDigits(to - size)
}

/** Eight times what the parser's searches take in 20,000 characters of nothing but links; other texts take fewer. */
const MOST_STEPS = 250_000

/**
 * The bullet that we write ourselves begins a list as well, so that what is nested below it is seen to be. One alone does not: a
 * dash alone would make a heading of the line above it.
 */
function codesToRead(text: string): Codes {
  const codes = codesOf(text)
  for (let at = text.indexOf(ITEM_SIGN); at >= 0; at = text.indexOf(ITEM_SIGN, at + 1)) {
    if (isFirstInLine(text, at) && !isLineEnd(text, pastBlanks(text, at + 1))) codes[at] = DASH
  }
  return codes
}
