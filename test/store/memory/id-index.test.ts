import t from 'tap'
import { createIdIndex } from '../../../src/store/memory/id-index.js'
import { NOWHERE } from '../../../src/store/memory/table.js'
import fc from '../../fixtures/property.js'

function indexOf(seed = 7) {
  const ids: string[] = []
  return { ids, index: createIdIndex(seed, (slot, id) => ids[slot] === id) }
}

t.test('every id is found among a hundred thousand, and none that was removed', async (t) => {
  const { ids, index } = indexOf()
  for (let slot = 0; slot < 100_000; slot++) {
    ids.push(`17841400000000001-${1_000_000_000_000 + slot * 7}`)
    index.add(ids[slot]!, slot)
  }
  t.ok(ids.every((id, slot) => index.find(id) === slot))
  for (let slot = 0; slot < ids.length; slot += 3) index.remove(ids[slot]!, slot)
  t.ok(ids.every((id, slot) => index.find(id) === (slot % 3 === 0 ? NOWHERE : slot)))
  t.equal(index.find('1-2'), NOWHERE)
})

t.test('the index agrees with a plain map', async (t) => {
  const step = fc.record({ is: fc.constantFrom('add', 'add', 'remove'), who: fc.nat(400) } as const)
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600, size: 'max' }), fc.integer(), (steps, seed) => {
        // A seed of each kind: the places of the ids are others with each.
        const { ids, index } = indexOf(seed)
        for (let who = 0; who <= 400; who++) ids.push(`${who}-1`)
        const there = new Set<number>()
        for (const { is, who } of steps) {
          if (is === 'add' && !there.has(who)) {
            index.add(ids[who]!, who)
            there.add(who)
          } else if (is === 'remove' && there.delete(who)) index.remove(ids[who]!, who)
        }
        return ids.every((id, who) => index.find(id) === (there.has(who) ? who : NOWHERE))
      }),
      { numRuns: 200 },
    ),
  )
})
