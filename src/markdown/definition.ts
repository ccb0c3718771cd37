import type { Budget } from './budget.js'
import type { Definition, Span } from './mark.js'
import { COLON, isBlank, NEWLINE, pastBlanks } from './signs.js'
import { NONE, pastLabel, pastTitle, pastUrl } from './targets.js'

/** Reads `[label]: url "title"` from the beginning of a paragraph, line by line. */
export class DefinitionReader {
  private content = ''
  private at = 0
  private stage: 'label' | 'url' | 'title' | 'end' | 'failed' = 'label'
  private label: Span | null = null
  private url: Span | null = null

  constructor(
    private readonly from: number,
    private readonly budget: Budget,
  ) {}

  /** Takes further text in. The definition, once something else follows it. */
  add(text: string): Definition | null {
    if (this.stage === 'failed') return null
    this.content += text
    const to = this.read()
    return to >= 0 && to < this.content.length ? this.upTo(to) : null
  }

  /** The definition, if the paragraph is nothing else. */
  finish(): Definition | null {
    const { content, at, stage } = this
    const isWhole = (stage === 'title' || stage === 'end') && pastBlanks(content, at) === content.length
    return isWhole ? this.upTo(content.length) : null
  }

  private upTo(end: number): Definition {
    return { from: this.from, to: this.from + end, label: this.label!, url: this.url! }
  }

  /** Where the definition ends as far as it is known, else -1. */
  private read(): number {
    const { content, budget, from } = this
    if (this.stage === 'label') {
      const to = this.past(pastLabel(content, 0, budget, true))
      if (to < 0) return NONE
      if (content.charCodeAt(to) !== COLON) return this.past(NONE)
      this.label = { from, to: from + to }
      this.at = to + 1
      this.stage = 'url'
    }
    if (this.stage === 'url') {
      const start = pastBlanks(content, this.at)
      const to = this.past(pastUrl(content, start, budget))
      if (to < 0) return NONE
      this.url = { from: from + start, to: from + to }
      this.at = to
      this.stage = 'title'
    }
    if (this.stage === 'title') this.readTitle()
    return lineEnd(content, this.at)
  }

  private readTitle(): void {
    const start = pastBlanks(this.content, this.at)
    const to = start > this.at ? pastTitle(this.content, start, this.budget) : NONE
    if (to < 0 || lineEnd(this.content, to) < 0) return
    this.at = to
    this.stage = 'end'
  }

  private past(to: number): number {
    if (to === NONE) this.stage = 'failed'
    return to
  }
}

/** Where the line ends, if nothing but blanks is left of it, else -1. */
function lineEnd(text: string, from: number): number {
  let at = from
  for (; at < text.length && text.charCodeAt(at) !== NEWLINE; at += 1) if (!isBlank(text.charCodeAt(at))) return NONE
  return at
}
