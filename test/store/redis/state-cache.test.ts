import t from 'tap'
import { createMemory, type Remembered } from '../../../src/store/redis/state-cache.js'

const what = (version: string): Remembered => ({ state: null, version, dueAt: null, isDoubtful: false })

t.test('the last state of a conversation is cached until it is forgotten', async (t) => {
  const memory = createMemory(10)
  t.equal(memory.get('1-2'), undefined)
  memory.set('1-2', what('a'))
  memory.set('1-2', what('b'))
  t.same(memory.get('1-2'), what('b'))
  t.equal(memory.get('1-3'), undefined)
  memory.forget('1-2')
  t.equal(memory.get('1-2'), undefined)
  memory.forget('1-2')
})

t.test('above the limit the states that were set longest ago are dropped', async (t) => {
  const memory = createMemory(4)
  for (const id of ['1', '2', '3']) memory.set(id, what(id))
  memory.set('1', what('again'))
  t.same(memory.get('1'), what('again'))
  memory.set('4', what('4'))
  const left = ['1', '2', '3', '4'].filter((id) => memory.get(id) !== undefined)
  t.same(left, ['1', '3', '4'], 'what was set again counts as new')
  memory.forget('3')
  t.equal(memory.get('3'), undefined, 'of either half')
  t.equal(memory.get('4')?.version, '4')
})
