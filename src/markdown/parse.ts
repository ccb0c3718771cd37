import { readBlocks } from './blocks.js'
import type { Budget } from './budget.js'
import type { Cut } from './cuts.js'
import type { Markdown } from './mark.js'

/**
 * CommonMark with GitHub's tables, strikethrough and bare links: where each mark stands. Its searches are bounded: null where the
 * text would cost more than the budget has left.
 */
export function parseMarkdown(text: string, budget: Budget, known: readonly Cut[] = []): Markdown | null {
  return TOO_LONG.test(text) ? null : readBlocks(text, budget, known)
}

/** A host name ends before its 254th character; the end of a bare link is looked for once for each bracket and entity there. */
const TOO_LONG = /(?:www\.|https?:\/\/)[\w.-]{300}|(?:\)|&#?\w{1,31};){100}/
