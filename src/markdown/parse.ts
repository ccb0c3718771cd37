import { Blocks } from './blocks.js'
import type { Budget } from './budget.js'
import type { Codes } from './codes.js'
import type { Cut } from './cuts.js'
import type { Markdown } from './mark.js'

/**
 * CommonMark with GitHub's tables, strikethrough and bare links: where each mark stands, besides what is known to hold none.
 * Null where quotes and items are nested too deep, or the text would cost more than the budget has left.
 */
export function parseMarkdown(codes: Codes, budget: Budget, known: readonly Cut[] = []): Markdown | null {
  return new Blocks(codes, budget, known).read()
}
