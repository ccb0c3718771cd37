import t from 'tap'
import { answerOf, readAnswer } from '../../src/answer/answer.js'
import type { SaidFile } from '../../src/engine/providers.js'
import { channelWith } from '../fixtures/channel.js'
import { piecesOf } from '../fixtures/conversation.js'
import { readProjectFile } from '../fixtures/project.js'
import { said } from '../fixtures/said.js'

const BASE = 'https://dify.example/v1'
const FIT = { markdown: 'plain', base: BASE } as const
const file = (url: string, kind: SaidFile['kind'] = 'image'): SaidFile => ({ kind, url, name: null })
const pieces = (text: string, files: readonly SaidFile[] = []) => piecesOf(answerOf(said(text, files), FIT))

t.test('text, pictures and files keep their places', async (t) => {
  t.strictSame(pieces('**Hi**'), ['Hi'])
  t.strictSame(pieces('Look:\n\n![p](/p.png)\n\nNice?'), ['Look:', 'image https://dify.example/p.png', 'Nice?'])
  t.strictSame(pieces('Look: ![p](https://a.b/p.png) nice'), ['Look:', 'image https://a.b/p.png', 'nice'])
  t.strictSame(pieces('Hi', [file('/a.pdf', 'file'), file('/b.mp3', 'voice')]), [
    'Hi',
    'file https://dify.example/a.pdf',
    'voice https://dify.example/b.mp3',
  ])
  t.strictSame(pieces('', [file('/a.png')]), ['image https://dify.example/a.png'])
  t.strictSame(pieces('![p](/p.png) ![q](/q.png)'), [
    'image https://dify.example/p.png',
    'image https://dify.example/q.png',
  ])
})

t.test('a picture leaves no bullet alone, and tears no row apart', async (t) => {
  t.strictSame(pieces('- ![a](https://a.b/1.png) Shoe\n- ![b](https://a.b/2.png)\n- Hat ![c](https://a.b/3.png)'), [
    'image https://a.b/1.png',
    '• Shoe',
    'image https://a.b/2.png',
    '• Hat',
    'image https://a.b/3.png',
  ])
  t.strictSame(pieces('| a | b |\n|--|--|\n| ![x](https://a.b/3.png) | Shoe |\n| y | Hat |'), [
    'a | b\nShoe',
    'image https://a.b/3.png',
    'y | Hat',
  ])
  t.strictSame(pieces('[![a](https://a.b/1.png)](https://c.d) **![b](https://a.b/2.png)**'), [
    'image https://a.b/1.png',
    'https://c.d',
    'image https://a.b/2.png',
  ])
  t.strictSame(pieces('<p>a <img src="/p.png" alt="p"> b</p>'), ['a', 'image https://dify.example/p.png', 'b'])
})

t.test('a file that is named several times is sent once', async (t) => {
  const signed = (name: string, at: number) => `/files/tools/${name}.png?timestamp=${at}&nonce=n${at}&sign=s${at}`
  t.strictSame(pieces(`![a](${signed('a', 1)})`, [file(signed('a', 2)), file(signed('b', 3)), file(signed('b', 4))]), [
    `image https://dify.example${signed('a', 1)}`,
    `image https://dify.example${signed('b', 3)}`,
  ])
  t.strictSame(pieces('', [file('https://a.b/?id=1'), file('https://a.b/?id=2')]), [
    'image https://a.b/?id=1',
    'image https://a.b/?id=2',
  ])
})

t.test('an answer has ten attachments, further ones become links', async (t) => {
  const many = Array.from({ length: 12 }, (_, i) => `![p${i}](https://a.b/${i}.png)`).join('\n\n')
  const shown = pieces(many, [file('https://a.b/x.png'), file('https://a.b/y.png')])
  t.equal(shown.filter((each) => each.startsWith('image ')).length, 10)
  t.strictSame(shown.slice(10), [
    'p10: https://a.b/10.png\n\np11: https://a.b/11.png',
    'https://a.b/x.png\nhttps://a.b/y.png',
  ])
  const tags = `${many.split('\n\n').slice(0, 10).join('\n\n')}\n\n<img src="https://a.b/z.png">`
  t.equal(pieces(tags).at(-1), 'https://a.b/z.png')
})

t.test('a picture needs no words', async (t) => {
  const { pieces: shown } = answerOf(said('![](https://a.b/1.png) <img src="https://a.b/2.png">'), FIT)
  t.strictSame(
    shown.map((piece) => piece.is === 'attachment' && piece.attachment.title),
    [null, null],
  )
})

t.test('an address that Meta cannot fetch is no attachment', async (t) => {
  t.strictSame(pieces('![chart](data:image/png;base64,AAAA) a ![](javascript:x) <img src="data:x" alt="y">'), [
    'chart a  y',
  ])
  t.strictSame(pieces('Hi', [file('data:x'), file('')]), ['Hi'])
  t.strictSame(piecesOf(answerOf(said('![a](/b.png) [c](/d)'), { markdown: 'plain', base: null })), ['a c: /d'])
  t.strictSame(pieces('![a][1] ![b][2]\n\n[1]: /p.png'), ['image https://dify.example/p.png', '![b][2]'])
})

t.test('reasoning is removed first, and quick replies are kept', async (t) => {
  const thought = '<think>**secret** ![p](https://a.b/secret.png)</think>\n\n**Hi**'
  t.strictSame(answerOf(said(thought, [], ['Yes']), FIT), {
    pieces: [{ is: 'text', text: 'Hi' }],
    quickReplies: ['Yes'],
  })
  t.strictSame(pieces('<think>secret</think>'), [])
})

t.test('a channel says whether Markdown is kept, and where its Dify is', async (t) => {
  const channel = channelWith()
  const assistant = { url: BASE, key: 'k', app: 'chat', replies: 'router', inputs: {} } as const
  const text = said('**a** ![p](/p.png)')
  t.strictSame(piecesOf(readAnswer(text, { ...channel, assistant })), ['a', 'image https://dify.example/p.png'])
  const kept = { ...channel, assistant, policy: { ...channel.policy, markdown: 'keep' as const } }
  t.strictSame(piecesOf(readAnswer(text, kept)), ['**a**', 'image https://dify.example/p.png'])
  t.strictSame(piecesOf(readAnswer(text, { ...channel, assistant: null })), ['a p'])
})

/** What becomes of each kind of content, as docs/answers.md shows it. */
const KINDS: readonly (readonly [what: string, before: string, files?: readonly SaidFile[]])[] = [
  ['reasoning', '<think>They want the price.</think>It costs 5.'],
  ['reasoning without a beginning', 'They want the price.</think>It costs 5.'],
  ['emphasis, code', 'It is **very** _red_, size `42`.'],
  ['headings', '## Prices\nFrom 5 up.'],
  ['lists', '- red\n- blue\n  1. dark\n  2. light'],
  ['quotes, rules', '> As you said\n\n---\n\nYes.'],
  ['links', 'See [our shop](https://shop.example) or <https://help.example>.'],
  ['a link that says its address', '[shop.example](https://shop.example)'],
  ['an address of Dify’s', '<a href="/files/list.pdf">The list</a>'],
  ['tables', '| Size | Price |\n| --- | --- |\n| 41 | 5 |\n| 42 | 6 |'],
  ['HTML', 'Red<br>and <b>blue</b> &amp; more'],
  ['escapes', '5 \\* 3'],
  ['pictures', 'Look: ![red](https://cdn.example/red.png) It is red.'],
  ['files of Dify’s', 'Here it is.', [{ kind: 'file', url: '/files/a.pdf', name: 'a.pdf' }]],
  ['plain text', '2 * 3 * 4 = 24, snake_case, 5* 😀 قیمت: ۵ تومان!'],
]

t.test('the table of docs/answers.md is what the code makes of it', async (t) => {
  const shown = (text: string): string => `\`${text.replaceAll('\n', '⏎').replaceAll('|', '¦')}\``
  const rows = KINDS.map(([what, before, files = []]) => {
    const { pieces } = answerOf(said(before, files), { markdown: 'plain', base: 'https://dify.example/v1' })
    const after = pieces.map((piece) =>
      piece.is === 'text' ? shown(piece.text) : `${piece.attachment.kind} ${shown(piece.attachment.url!)}`,
    )
    const made = files.map(({ url }) => ` + file ${shown(url)}`).join('')
    return `| ${what} | ${shown(before)}${made} | ${after.join(', then ')} |`
  })
  const docs = readProjectFile('docs/answers.md')
  const table = ['| what | before | after |', '| --- | --- | --- |', ...rows].join('\n')
  t.ok(docs.includes(table), `docs/answers.md should hold:\n${table}`)
})
