import t from 'tap'
import { createRunWords } from '../../src/engine/run-words.js'

t.test('streamed texts are passed on once when the run falls silent', async (t) => {
  let pending: { ms: number; run: () => void } | null = null
  const told: (readonly string[] | null)[] = []
  const words = createRunWords(
    {
      after(ms, run) {
        pending = { ms, run }
        return () => {
          pending = null
        }
      },
    },
    () => told.push(words.untold()),
  )
  t.equal(words.untold(), null)
  words.hear(['It'])
  words.hear(['It costs'])
  t.strictSame(told, [])
  t.match(pending, { ms: 150 })
  pending!.run()
  t.strictSame(told, [['It costs']])
  words.told(told[0]!)
  t.equal(words.untold(), null)
  words.hear(['It costs 5'])
  words.told(['It costs'])
  t.strictSame(words.untold(), ['It costs 5'], 'something new came meanwhile')
  words.end()
  t.equal(pending, null)
  t.strictSame(words.said, ['It costs 5'])
})
