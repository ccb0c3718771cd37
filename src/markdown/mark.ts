/** A place in the text. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * What a text holds besides its words. All of them have the same properties in the same order, by which thousands of them are
 * looked at faster.
 */
export type Mark = SimpleMark | InlineCode | Link | Heading | Item | Fence | Table

interface MarkOf<Is extends string, Parts> extends Span {
  readonly is: Is
  readonly parts: Parts
}

export type SimpleMark = MarkOf<
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
  | 'comment block',
  null
>

export type InlineCode = MarkOf<'code', { readonly inside: Span }>

/** `# words #`, or words with a line below them. */
export type Heading = MarkOf<'heading', { readonly isUnderlined: boolean; readonly signs: readonly Span[] }>

/** The sign of a list's item, and where its line begins. `level`: 1 for those that are within no other item. */
export type Item = MarkOf<'item', { readonly lineStart: number; readonly level: number }>

export type Link = MarkOf<'link' | 'image', LinkParts>

/** `[label](url "title")`, `[label][reference]`, `[label]`; whether a reference is defined is not looked at. */
export interface LinkParts {
  readonly label: Span
  /** True for `[label]()` as well, which has no address. */
  readonly hasTarget: boolean
  readonly url: Span | null
  readonly reference: Span | null
}

/** Code between fences: a span for each of its pieces, which a quote's or a list's signs divide. */
export type Fence = MarkOf<'fence', { readonly info: Span | null; readonly code: readonly Span[] }>

/** The head is the first of its rows. */
export type Table = MarkOf<'table', { readonly rule: Span; readonly rows: readonly Row[] }>

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
