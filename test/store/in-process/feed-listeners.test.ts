import t from 'tap'
import type { FeedEntry } from '../../../src/engine/ports.js'
import { createFeedListeners } from '../../../src/store/in-process/feed-listeners.js'
import { conversation } from '../../fixtures/conversation.js'

const entry: FeedEntry = { cursor: '1'.padStart(16, '0'), state: conversation(), notice: { is: 'status' } }

t.test('each listener hears each entry, whatever another one throws, until it stops', async (t) => {
  const { listen, tell, hasAny } = createFeedListeners()
  t.equal(hasAny(), false)
  tell(entry)
  const heard: string[] = []
  const of = (name: string) => ({ entry: () => void heard.push(name), broken() {} })
  const same = of('a')
  const stops = [listen(same), listen(same)]
  listen({
    entry() {
      throw new Error('a fault of the listener')
    },
    broken() {},
  })
  listen(of('b'))
  t.equal(hasAny(), true)
  tell(entry)
  t.same(heard, ['a', 'a', 'b'])
  stops[0]!()
  tell(entry)
  t.same(heard, ['a', 'a', 'b', 'a', 'b'])
})
