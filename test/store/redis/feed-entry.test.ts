import t from 'tap'
import { conversationIdOf } from '../../../src/conversation/ids.js'
import { newConversation } from '../../../src/conversation/state/state.js'
import { comparable, cursorOf, decodeEntry, headStart, parseCursor } from '../../../src/store/redis/feed-entry.js'
import { encodeHead } from '../../../src/store/rows/head-row.js'
import { encodeMessage } from '../../../src/store/rows/message-row.js'
import { encodeState } from '../../../src/store/rows/state-row.js'
import { conversation, flagUse, ID, message, START } from '../../fixtures/conversation.js'

const PROFILE = { at: START, isKnown: true, name: 'Ana\n"\\', username: null, picture: 'https://cdn.example/1' }
const decode = (text: string) => decodeEntry('1767225600000-3', text, () => 17)

t.test('an entry comes back as it was written', async (t) => {
  const said = message({ seq: 7, text: 'one\ntwo \n\\n پست' })
  const cursor = '0001767225600000-0000000003.17'
  for (const profile of [PROFILE, newConversation(ID, START).profile]) {
    const full = conversation({ seq: 7, profile, flagUses: [flagUse()] })
    const brief = { ...newConversation(ID, START), profile }
    for (const [what, is] of [
      ['s', 'said'],
      ['c', 'changed'],
    ] as const) {
      const text = `${what}${encodeHead(full)}\n${encodeMessage(said)}`
      t.strictSame(decode(text), { cursor, state: brief, notice: { is, message: said } })
    }
    const text = `t${encodeHead(full)}\n${'v'.repeat(20)}${encodeState(full)}`
    t.strictSame(decode(text), { cursor, state: full, notice: { is: 'status' } })
  }
})

t.test('the head of an entry belongs to one conversation alone', async (t) => {
  const ids = [ID, conversationIdOf('1', '23'), conversationIdOf('11', '2')]
  for (const id of ids) {
    const head = encodeHead(conversation({ id }))
    t.same(
      ids.filter((each) => head.startsWith(headStart(each))),
      [id],
    )
  }
})

t.test('cursors are in the order of the stream', async (t) => {
  const ids = ['0-1', '5-0', '5-2', '5-10', '40-0', '1767225600000-0', '1767225600000-99', '1767225600001-0']
  const cursors = ids.map((id) => cursorOf(id, 9))
  t.same(cursors.toSorted(), cursors)
  t.same(ids.map(comparable).toSorted(), ids.map(comparable))
  t.same(
    cursors.map((cursor) => parseCursor(cursor)?.streamId),
    ids,
  )
  t.same(parseCursor(cursorOf('1767225600000-3', 63)), { at: START, streamId: '1767225600000-3', partition: 63 })
})

t.test('a text that is no cursor is recognised', async (t) => {
  for (const text of [
    '',
    '5-0',
    '5-0.1',
    '0001767225600000-0000000003',
    '0001767225600000-0000000003.',
    `${cursorOf('5-0', 1)}0 `,
  ]) {
    t.equal(parseCursor(text), null, text)
  }
})
