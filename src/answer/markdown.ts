import type { Tree } from '@lezer/common'
import type { InlineContext, MarkdownParser } from '@lezer/markdown'
import { late } from '../late.js'

/**
 * CommonMark with GitHub's tables, strikethrough and bare links, as a tree that knows where each mark stands. Null where
 * a text is made to be costly: such a one is no answer that anybody formatted, and stays as it is.
 */
export function parseMarkdown(text: string): Tree | null {
  if (isCostly(text)) return null
  spent = 0
  parser ??= createParser()
  const tree = parser.parse(bulletsAsMarks(text))
  return spent > MOST_SPENT ? null : tree
}

/** An answer of 20,000 characters has a few hundred marks, and as many lines that begin with one. */
const MOST_MARKS = 3_000
const MOST_BEGINNINGS = 600
const BEGINNING = /^[ \t]*(?:[-+*•>#=]|\d{1,9}[.)])/gm
const MARK = /[*_[\]()!`~<&\\|#>]/g
/** Quotes within quotes and lists within lists: each level costs on each line. */
const TOO_DEEP =
  /^(?![ \t]*([-*])(?:[ \t]*\1)+[ \t]*$)(?:(?:[ \t]*(?:>|[-+*•]|\d{1,9}[.)])(?![^\s>])){9}|[ \t]{40,}(?:[-+*>•]|\d{1,9}[.)]))/m

function isCostly(text: string): boolean {
  return countOf(MARK, text) > MOST_MARKS || countOf(BEGINNING, text) > MOST_BEGINNINGS || TOO_DEEP.test(text)
}

function countOf(what: RegExp, text: string): number {
  let count = 0
  what.lastIndex = 0
  while (what.test(text)) count += 1
  return count
}

/** Finding the partners of marks costs the square of their number within one paragraph or cell. */
const MOST_IN_ONE = 400
const MOST_SPENT = 800_000

const lezer = late<typeof import('@lezer/markdown')>('@lezer/markdown')
let parser: MarkdownParser | null = null

let spent = 0
let looked: InlineContext | null = null
let isLeft = false

function createParser(): MarkdownParser {
  const { GFM, parser } = lezer()
  return parser.configure([
    GFM,
    {
      parseInline: [
        {
          name: 'Bounds',
          before: 'Escape',
          parse(context) {
            if (context !== looked) {
              looked = context
              const marks = countOf(MARK, context.text)
              isLeft = marks > MOST_IN_ONE
              if (!isLeft) spent += marks * marks
            }
            return isLeft || spent > MOST_SPENT ? context.end : -1
          },
        },
      ],
    },
  ])
}

/** The bullet that we write ourselves begins a list as well, so that what is nested below it is seen to be. */
function bulletsAsMarks(text: string): string {
  return text.includes('•') ? text.replace(/^([ \t]*)•(?= )/gm, '$1-') : text
}
