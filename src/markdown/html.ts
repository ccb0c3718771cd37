/** HTML as CommonMark defines it. */

const ATTRIBUTE = String.raw`\s+[a-zA-Z:_][\w\-.:]*(?:\s*=\s*(?:[^\s"'=<>\x60]+|'[^']*'|"[^"]*"))?`
const TAG_NAME = String.raw`[a-zA-Z][\w-]*`
/** A tag, and where it ends. */
export const TAG = new RegExp(String.raw`</${TAG_NAME}\s*>|<${TAG_NAME}(?:${ATTRIBUTE})*\s*/?>`, 'y')
export const ANGLE_LINK =
  /<(?:[a-z][-\w+.]+:[^\s>]+|[a-z\d.!#$%&'*+/=?^_`{|}~-]+@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*)>/iy

const BLOCK_NAMES =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h1|h2|h3|h4|h5|h6|head|header|hr|html|iframe|legend|li|link|main|' +
  'menu|menuitem|nav|noframes|ol|optgroup|option|p|param|section|source|summary|table|tbody|td|tfoot|th|thead|title|tr|' +
  'track|ul'

/** A block of HTML: how its first line begins, what its last line holds (null: it ends before a blank line). */
export interface HtmlBlock {
  readonly start: RegExp
  readonly end: RegExp | null
  readonly is: 'html block' | 'comment block' | null
  readonly canBreakParagraph: boolean
}

const block = (start: RegExp, end: RegExp | null, is: HtmlBlock['is'] = 'html block', canBreakParagraph = true) => ({
  start,
  end,
  is,
  canBreakParagraph,
})

const HTML_BLOCKS: readonly HtmlBlock[] = [
  block(/^<(?:script|pre|style|textarea)(?:\s|>|$)/i, /<\/(?:script|pre|style|textarea)>/i),
  block(/^<!--/, /-->/, 'comment block'),
  block(/^<\?/, /\?>/, null),
  block(/^<![A-Z]/, />/),
  block(/^<!\[CDATA\[/, /\]\]>/),
  block(new RegExp(String.raw`^</?(?:${BLOCK_NAMES})(?:\s|/?>|$)`, 'i'), null),
  block(
    new RegExp(String.raw`^(?:</${TAG_NAME}\s*>|<${TAG_NAME}(?:${ATTRIBUTE})*\s*>)\s*$`),
    null,
    'html block',
    false,
  ),
]

/** The kind of block that a line begins with. */
export function htmlBlockOf(line: string, breaksParagraph: boolean): HtmlBlock | null {
  return HTML_BLOCKS.find((each) => (each.canBreakParagraph || !breaksParagraph) && each.start.test(line)) ?? null
}
