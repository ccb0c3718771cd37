/**
 * Neutralises text that goes into a template of the settings. A template has markers of its own (tags, brackets,
 * fences, headings, labels); text from outside keeps its words, and loses what could pass for one of these markers.
 */
export type Disarm = (text: string) => string

export function disarmFor(literals: readonly string[]): Disarm {
  const template = literals.join('\n').normalize('NFKC')
  const steps: Disarm[] = []
  for (const { marks, lookalikes, round } of PAIRS) {
    if (marks.test(template)) steps.push((text) => text.replace(lookalikes, round))
  }
  const fences = new Set(Array.from(template.matchAll(RUN), ([run]) => run[0]!))
  if (fences.size > 0) steps.push((text) => text.replace(RUN, (run) => (isFence(run, fences) ? run[0]! : run)))
  if (/^\s*#/m.test(template)) steps.push((text) => text.replace(HEADING, '$1'))
  const labels = new Set(template.split('\n').flatMap((line) => LABEL.exec(line)?.[1]?.toLowerCase() ?? []))
  if (labels.size > 0)
    steps.push((text) => text.replace(LABELLED, (line, label, rest) => unlabelled(line, label, rest, labels)))
  return (text) => steps.reduce((each, step) => step(each), text)
}

interface Pair {
  readonly marks: RegExp
  /** Includes compatibility forms, which look the same. */
  readonly lookalikes: RegExp
  readonly round: (mark: string) => string
}

const roundFor =
  (opening: string) =>
  (mark: string): string =>
    opening.includes(mark) ? '(' : ')'

const PAIRS: readonly Pair[] = [
  { marks: /[<>]/, lookalikes: /[<>＜＞﹤﹥‹›〈〉⟨⟩《》«»]/g, round: roundFor('<＜﹤‹〈⟨《«') },
  { marks: /[[\]]/, lookalikes: /[[\]［］【】〔〕⟦⟧「」]/g, round: roundFor('[［【〔⟦「') },
  { marks: /[{}]/, lookalikes: /[{}｛｝﹛﹜]/g, round: roundFor('{｛﹛') },
]

/** Within a line: past its end, each of many empty lines would be searched up to the next word. */
const HEADING = /^([^\S\n\r\u2028\u2029]*)[#＃]+/gm

/** Two or more of one character that is neither letter, digit nor whitespace, such as ``` or --- or """ or ==. */
const RUN = /([^\p{L}\p{M}\p{N}\s.!?؟])\1+/gu

function isFence(run: string, fences: ReadonlySet<string>): boolean {
  return fences.has(run.normalize('NFKC')[0]!)
}

/** The words before a colon at the start of a line, after any characters that are not letters. */
const LABEL = /^[^\p{L}\p{N}]*([\p{L}\p{N}][^\n:：]{0,60}?)[^\p{L}\p{N}:：]*[:：]/u
const LABELLED = /^([^\p{L}\p{N}\n]*[\p{L}\p{N}][^\n:：]{0,80})[:：](.*)$/gmu

/** Removes the colon from a line that starts with one of the template's labels. */
function unlabelled(line: string, label: string, rest: string, labels: ReadonlySet<string>): string {
  const words = LABEL.exec(line.normalize('NFKC'))?.[1]?.toLowerCase()
  return words !== undefined && labels.has(words) ? `${label} –${rest}` : line
}
