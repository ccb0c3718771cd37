/** A place in the text. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What a text holds besides its words. */
export type Mark = SimpleMark | InlineCode | Link | Heading | Item | Fence | Table

export interface SimpleMark extends Span {
  readonly is:
    | 'emphasis'
    | 'strong'
    | 'struck'
    | 'escape'
    | 'entity'
    | 'line break'
    | 'autolink'
    | 'tag'
    | 'comment'
    | 'rule'
    | 'html block'
    | 'comment block'
}

export interface InlineCode extends Span {
  readonly is: 'code'
  readonly inside: Span
}

/** `# words #`, or words with a line below them. */
export interface Heading extends Span {
  readonly is: 'heading'
  readonly isUnderlined: boolean
  readonly signs: readonly Span[]
}

/** The sign of a list's item, and where its line begins. `level`: 1 for those that are within no other item. */
export interface Item extends Span {
  readonly is: 'item'
  readonly lineStart: number
  readonly level: number
}

/** `[label](url "title")`, `[label][reference]`, `[label]`; whether a reference is defined is not looked at. */
export interface Link extends Span {
  readonly is: 'link' | 'image'
  readonly label: Span
  /** True for `[label]()` as well, which has no address. */
  readonly hasTarget: boolean
  readonly url: Span | null
  readonly reference: Span | null
}

/** Code between fences: a span for each of its pieces, which a quote's or a list's signs divide. */
export interface Fence extends Span {
  readonly is: 'fence'
  readonly info: Span | null
  readonly code: readonly Span[]
}

export interface Table extends Span {
  readonly is: 'table'
  readonly rule: Span
  /** The head is the first of them. */
  readonly rows: readonly Row[]
}

export interface Row extends Span {
  /** Where its bars stand. */
  readonly bars: readonly number[]
  readonly hasWords: boolean
}

/** `[label]: url` */
export interface Definition extends Span {
  readonly label: Span
  readonly url: Span
}

export interface Markdown {
  /** In the order of the text, what is inside of another mark behind it. */
  readonly marks: readonly Mark[]
  /** The `>` of quotes. They also stand within what reaches over several lines. */
  readonly quoteSigns: readonly Span[]
  readonly definitions: readonly Definition[]
  /** Where the text may be cut. */
  readonly cuts: readonly number[]
}
