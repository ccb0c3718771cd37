/**
 * Removes a model's reasoning from its answer: `<think>…</think>`, and the `<details>` that Dify makes of it. With a
 * missing tag it rather removes too much than sends reasoning: without an opening tag everything before the closing
 * one goes, without a closing tag everything after the opening one.
 */
export function withoutReasoning(text: string): string {
  return text.includes('<') ? withoutThoughtful(withoutThinking(text)) : text
}

const THINK = /<(\/?)think(?:ing)?(?:\s[^<>]*)?>/gi

function withoutThinking(text: string): string {
  let said = ''
  let from = 0
  let depth = 0
  for (const tag of text.matchAll(THINK)) {
    const end = tag.index + tag[0].length
    if (tag[1] === '') {
      if (depth === 0) said += text.slice(from, tag.index)
      depth += 1
    } else if (depth === 0) {
      said = ''
      from = end
    } else {
      depth -= 1
      from = end
    }
  }
  return depth === 0 ? said + text.slice(from) : said
}

const DETAILS = /<(\/?)details(?:\s[^<>]*)?>/gi
const SUMMARY = /^\s*<summary(?:\s[^<>]*)?>/i
const LONGEST_SUMMARY = 300
/** The tag names that models and their templates use. */
const THOUGHTFUL = new RegExp(
  [
    ...['thinking', 'thought', 'reasoning', 'nachdenken', 'gedanken', 'réflexion', 'raisonnement'],
    ...['pensando', 'pensamiento', 'razonamiento', 'raciocínio', 'düşün', 'размышл', 'рассужд'],
    ...['思考', '推理', '推論', '생각', 'تفکر', 'فکر کردن', 'تفكير'],
  ].join('|'),
  'i',
)

function withoutThoughtful(text: string): string {
  let said = ''
  let from = 0
  /** The nesting depth of open tags inside a reasoning block, itself included. */
  let depth = 0
  for (const tag of text.matchAll(DETAILS)) {
    const end = tag.index + tag[0].length
    if (depth > 0) {
      depth += tag[1] === '' ? 1 : -1
      if (depth === 0) from = end
    } else if (tag[1] === '' && isThoughtful(text.slice(end, end + LONGEST_SUMMARY))) {
      said += text.slice(from, tag.index)
      depth = 1
    }
  }
  return depth === 0 ? said + text.slice(from) : said
}

function isThoughtful(inside: string): boolean {
  return SUMMARY.test(inside) && THOUGHTFUL.test(inside.split(/<\/summary/i, 1)[0]!)
}
