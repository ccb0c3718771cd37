import t from 'tap'
import { textAnswer } from '../../src/conversation/answer/answer.js'
import { spokenTexts } from '../../src/engine/spoken-texts.js'
import { channelWith } from '../fixtures/channel.js'

t.test('a run’s texts are expected as streamed and as the router would have formatted them, each once', async (t) => {
  const attachment = { kind: 'image', url: 'https://cdn.example/1.jpg', title: null } as const
  const texts = spokenTexts(
    ['**Hi**', 'Hi', 'broken'],
    ({ text }) => {
      if (text === 'broken') throw new Error('cannot be read')
      const { pieces } = textAnswer(text.replaceAll('*', ''))
      return { pieces: [...pieces, { is: 'attachment', attachment }], quickReplies: [] }
    },
    channelWith({}),
  )
  t.strictSame(texts, ['**Hi**', 'Hi', 'broken'])
})
