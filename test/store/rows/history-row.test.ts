import t from 'tap'
import { decodeHistory, encodeHistory } from '../../../src/store/rows/history-row.js'
import { encodeMessage } from '../../../src/store/rows/message-row.js'
import { message } from '../../fixtures/conversation.js'

const MESSAGES = ['one', 'zwei "drei"', 'سلام 👋'].map((text, i) => message({ seq: i + 1, text, mid: `mid-${i}` }))
const TEXTS = MESSAGES.map(encodeMessage)

t.test('a history comes back as it was', async (t) => {
  t.strictSame(decodeHistory(encodeHistory(TEXTS)), MESSAGES)
})

t.test('two texts are joined without being read', async (t) => {
  const [first, ...others] = TEXTS
  t.strictSame(decodeHistory(encodeHistory([first!]) + encodeHistory([]) + encodeHistory(others)), MESSAGES)
})
