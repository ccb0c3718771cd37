import type { Tree } from '@lezer/common'
import type { InlineContext, MarkdownParser } from '@lezer/markdown'
import { late } from '../late.js'
import { type Budget, createLook, type Look } from './inline-cost.js'

/**
 * Enough for 20,000 characters of any answer that is meant to be read: a list of 1,800 short lines with a bold word in each
 * takes nine tenths of it.
 */
const MOST_STEPS = 2_000_000
const STEPS_OF_LINE = 200
const STEPS_OF_ITEM = 600
const STEPS_OF_QUOTE = 300
const STEPS_OF_MARK = 100
const STEPS_OF_CELL = 40

export function newBudget(): Budget {
  return { steps: MOST_STEPS }
}

/**
 * CommonMark with GitHub's tables, strikethrough and bare links, as a tree that knows where each mark stands. Null where
 * the text would cost more than the budget has left: it is made to be costly, and stays as it is.
 */
export function parseMarkdown(text: string, budget: Budget): Tree | null {
  if (TOO_DEEP.test(text) || TOO_LONG.test(text)) return null
  for (const [what, steps] of COSTS) budget.steps -= steps * countOf(what, text)
  if (budget.steps < 0) return null
  spending = budget
  parser ??= createParser()
  const tree = parser.parse(bulletsAsMarks(text))
  context = null
  return budget.steps < 0 ? null : tree
}

const COSTS: readonly (readonly [RegExp, number])[] = [
  [/\n/g, STEPS_OF_LINE],
  [/(?:^|[ \t>])(?:[-+*•]|\d{1,9}[.)])(?=[ \t\n])/gm, STEPS_OF_ITEM],
  [/>/g, STEPS_OF_QUOTE],
  [/[*_[\]()!`~<&\\#]+/g, STEPS_OF_MARK],
  [/\|/g, STEPS_OF_CELL],
]
/** Quotes within quotes and lists within lists: each level costs on each line. */
const TOO_DEEP =
  /^(?![ \t]*([-*])(?:[ \t]*\1)+[ \t]*$)(?:(?:[ \t]*(?:>|(?:[-+*•]|\d{1,9}[.)])(?!\S))){9}|[ \t]{40,}(?:[-+*>•]|\d{1,9}[.)]))/m
/** A host name ends before its 254th character; the end of a bare link is looked for once for each bracket and entity there. */
const TOO_LONG = /(?:www\.|https?:\/\/)[\w.-]{300}|(?:\)|&#?\w{1,31};){100}/

function countOf(what: RegExp, text: string): number {
  let count = 0
  what.lastIndex = 0
  while (what.test(text)) count += 1
  return count
}

let spending: Budget = newBudget()
let context: InlineContext | null = null
let look: Look

const lezer = late<typeof import('@lezer/markdown')>('@lezer/markdown')
let parser: MarkdownParser | null = null

function createParser(): MarkdownParser {
  const { GFM, parser } = lezer()
  return parser.configure([
    GFM,
    {
      parseInline: [
        {
          name: 'Bounds',
          before: 'Escape',
          parse(at, _, pos) {
            if (at !== context) {
              context = at
              look = createLook(at.text, spending)
            }
            const next = look(pos - at.offset)
            if (spending.steps < 0) return at.end
            return next < 0 ? -1 : at.offset + next
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
