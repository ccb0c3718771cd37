import t from 'tap'
import type { Conversation } from '../../../src/conversation/state/state.js'
import { createKeys } from '../../../src/store/redis/keys.js'
import { createPutRight } from '../../../src/store/redis/put-right.js'
import { conversation, ID } from '../../fixtures/conversation.js'

const keys = createKeys('mr')

/** What the script is told. */
async function told(state: Partial<Conversation> | null): Promise<readonly unknown[]> {
  const calls: unknown[][] = []
  const putRight = createPutRight({
    commands: {
      async relist(itsKeys, args) {
        const partition = keys.partitionOf(ID)
        calls.push([...args])
        const search = [keys.terms(partition), keys.names(partition)]
        t.same(itsKeys, [keys.conversation(ID), ...search, ...keys.lists(partition)])
      },
    },
    keys,
    look: async () => (state === null ? null : { state: conversation(state), version: 'v1' }),
  })
  await putRight({ id: ID, at: 7 })
  t.equal(calls.length, 1)
  return calls[0]!
}

t.test('a conversation goes where its state says, and out where there is none or nothing was said', async (t) => {
  const profile = { at: 5, isKnown: true, name: 'Ada', username: null, picture: null }
  t.same(await told({ seq: 1, closedAt: 5, profile }), [ID, 'v1', 2, 7, '+ada'])
  t.same(await told({ seq: 1 }), [ID, 'v1', 0, 7, '+'])
  t.same(await told({}), [ID, 'v1', '', 7, '-'])
  t.same(await told(null), [ID, '', '', 7, '-'])
})
