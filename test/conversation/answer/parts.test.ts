import t from 'tap'
import { type Answer, attachmentAnswer, type Piece, textAnswer } from '../../../src/conversation/answer/answer.js'
import { partsOf, plainerPart, unsplit } from '../../../src/conversation/answer/parts.js'
import { PICTURE } from '../../fixtures/conversation.js'

const LONG = `${'a'.repeat(900)}\n\n${'b'.repeat(900)}`
const picture: Piece = { is: 'attachment', attachment: PICTURE }
const text = (of: string): Piece => ({ is: 'text', text: of })
const answer = (pieces: readonly Piece[], quickReplies: readonly string[] = []): Answer => ({ pieces, quickReplies })
const shown = (of: Answer, platform: 'instagram' | 'facebook' = 'instagram') =>
  partsOf(of, platform).map((part) => [part.text?.slice(0, 3) ?? part.kind, part.quickReplies.length])

t.test('each text in as many parts as the platform needs, each attachment in one, all in their places', async (t) => {
  t.strictSame(shown(answer([text(LONG), picture, text('end')])), [
    ['aaa', 0],
    ['bbb', 0],
    ['image', 0],
    ['end', 0],
  ])
  t.strictSame(shown(answer([text(LONG), picture]), 'facebook'), [
    ['aaa', 0],
    ['image', 0],
  ])
  t.strictSame(partsOf(textAnswer(' \n'), 'instagram'), [])
  t.strictSame(partsOf(attachmentAnswer(PICTURE), 'instagram'), [
    { kind: 'image', text: null, attachments: [PICTURE], quickReplies: [] },
  ])
})

t.test('quick replies go with the last text, and nowhere without one', async (t) => {
  const choices = ['Yes', 'No']
  t.strictSame(shown(answer([text(LONG), picture], choices)), [
    ['aaa', 0],
    ['bbb', 2],
    ['image', 0],
  ])
  t.strictSame(shown(answer([picture], choices)), [['image', 0]])
})

t.test('an answer without visible content is left whole for callers that must send something', async (t) => {
  t.strictSame(unsplit(textAnswer('  ')), [{ kind: 'text', text: '  ', attachments: [], quickReplies: [] }])
  t.match(unsplit(attachmentAnswer(PICTURE)), [{ kind: 'image' }])
})

t.test('a refused part has a plainer form: without quick replies, or the link alone', async (t) => {
  const [words] = partsOf(answer([text('Well?')], ['Yes']), 'instagram')
  const plainer = plainerPart(words!, 'instagram')
  t.strictSame(plainer, { ...words, quickReplies: [] })
  t.equal(plainerPart(plainer!, 'instagram'), null, 'a plain text has none')
  const [shownPicture] = partsOf(answer([picture]), 'instagram')
  const link = { kind: 'text', text: PICTURE.url, attachments: [], quickReplies: [] }
  t.strictSame(plainerPart(shownPicture!, 'instagram'), link)
  const long = { ...PICTURE, url: `https://cdn.example/${'x'.repeat(1_100)}` }
  const [far] = partsOf(attachmentAnswer(long), 'instagram')
  t.equal(plainerPart(far!, 'instagram'), null, 'half a link leads nowhere')
  t.match(plainerPart(far!, 'facebook'), { text: long.url })
  const [odd] = partsOf(attachmentAnswer({ ...PICTURE, url: null }), 'facebook')
  t.equal(plainerPart(odd!, 'facebook'), null)
})
