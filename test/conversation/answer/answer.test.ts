import t from 'tap'
import { attachmentAnswer, textAnswer } from '../../../src/conversation/answer/answer.js'
import { PICTURE, piecesOf } from '../../fixtures/conversation.js'

t.test('a single text and a single attachment are answers', async (t) => {
  t.strictSame(textAnswer('Hello'), { pieces: [{ is: 'text', text: 'Hello' }], quickReplies: [] })
  t.strictSame(attachmentAnswer(PICTURE), { pieces: [{ is: 'attachment', attachment: PICTURE }], quickReplies: [] })
  t.strictSame([textAnswer('Hello'), attachmentAnswer(PICTURE)].map(piecesOf), [['Hello'], [`image ${PICTURE.url}`]])
})
