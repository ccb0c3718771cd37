import t from 'tap'
import { PLAY } from '../../src/demo/play.js'

t.test('the play shows a takeover from its beginning to its end', async (t) => {
  t.same(
    PLAY.map(({ acts, question, bot }) => [acts[0]!.who, question !== null, bot]),
    [
      ['customer', true, 'on'],
      ['workflow', false, 'on'],
      ['person', false, 'human_echo'],
      ['customer', false, 'human_echo'],
      ['staff', false, 'on'],
      ['customer', true, 'on'],
    ],
  )
})
