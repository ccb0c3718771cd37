import t from 'tap'
import { handledHash, oursHash } from '../../../src/store/redis/seen.js'

t.test('a key has the same hash in every process and version', async (t) => {
  // What is stored outlives the process that stored it.
  for (const [key, hash] of [
    ['', '8192489342613872'],
    ['m_1', '3571312823644292'],
    ['aWdfZAG1faXRlbTox', '7618204868759532'],
    ['delete m_1', '951146032869354'],
    ['پیام', '7285290542415812'],
  ] as const) {
    t.equal(handledHash(key), hash)
  }
})

t.test('the hash of a handled id is an even integer, that of our id the odd one after it', async (t) => {
  const wrong = Array.from({ length: 1000 }, (_, i) => `m_${i}`).filter((key) => {
    const [handled, ours] = [Number(handledHash(key)), Number(oursHash(key))]
    return ours !== handled + 1 || handled % 2 !== 0 || handled < 0 || !Number.isSafeInteger(ours)
  })
  t.same(wrong, [])
})

t.test('a hash is written so that Redis stores it as an integer', async (t) => {
  const all = Array.from({ length: 1000 }, (_, i) => oursHash(`${i}`.repeat(20)))
  t.same(
    all.filter((hash) => !/^[1-9]\d{0,15}$/.test(hash)),
    [],
  )
})

t.test('half a million similar ids have different hashes', async (t) => {
  const start = 'aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQxNDAwMDAwMDAwMDAxOjM0MDI4MjM2'
  const hashes = new Set<string>()
  for (let i = 0; i < 500_000; i++) hashes.add(handledHash(`${start}${i.toString(36)}`))
  t.equal(hashes.size, 500_000)
})
