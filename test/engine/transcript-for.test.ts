import t from 'tap'
import type { Policy } from '../../src/conversation/channel.js'
import type { Message } from '../../src/conversation/state/message.js'
import { NOT_ASKING } from '../../src/conversation/state/state.js'
import type { HistoryPage } from '../../src/engine/ports.js'
import { createTranscriptFor } from '../../src/engine/transcript-for.js'
import { channelWith } from '../fixtures/channel.js'
import { conversation, message, run } from '../fixtures/conversation.js'

const TALK = [
  message({ seq: 1, text: 'is it red?' }),
  message({ seq: 2, type: 'support', text: 'I am here' }),
  message({ seq: 3, text: 'oh, hi' }),
  message({ seq: 4, type: 'support', text: '🤖' }),
]
const RUN = run({ messages: [message({ seq: 5, text: 'and blue ones?' })] })

async function transcript(policy: Partial<Policy>, history: () => readonly Message[], answeredUpTo = 0) {
  const pages: HistoryPage[] = []
  const lines: object[] = []
  const note = (facts: object): void => void lines.push(facts)
  const log = { debug: note, info: note, warn: note, error: note }
  const store = {
    history(_id: unknown, page: HistoryPage) {
      pages.push(page)
      return history()
    },
  }
  const channel = channelWith({ humanTranscript: true, resumeWords: ['🤖'], ...policy })
  const state = conversation({ asking: { ...NOT_ASKING, answeredUpTo } })
  return { text: await createTranscriptFor({ store, log })(state, channel, RUN), pages, lines }
}

t.test('the transcript has the messages before the question, without the hand-back sign', async (t) => {
  const { text, pages } = await transcript({}, () => TALK)
  t.equal(text, 'Customer: is it red?\nAgent: I am here\nCustomer: oh, hi')
  t.match(pages, [{ before: 5, after: null, limit: 100 }])
})

t.test('there is no transcript where it is not wanted, known already, or no person wrote', async (t) => {
  t.match(await transcript({ humanTranscript: false }, () => TALK), { text: null, pages: [] })
  t.equal((await transcript({}, () => TALK, 4)).text, null)
  t.equal((await transcript({}, () => TALK.slice(0, 1))).text, null)
  t.equal((await transcript({}, () => TALK.slice(3))).text, null)
})

t.test('a history that cannot be read keeps no question back', async (t) => {
  const { text, lines } = await transcript({}, () => {
    throw new Error('broken')
  })
  t.equal(text, null)
  t.match(lines, [{ reason: 'Error: broken' }])
})
