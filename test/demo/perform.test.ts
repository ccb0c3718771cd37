import t from 'tap'
import type { Row } from '../../src/demo/paper.js'
import { perform } from '../../src/demo/perform.js'
import type { Act, Step } from '../../src/demo/play.js'
import type { Stage } from '../../src/demo/stage.js'
import { ASKED, NOTHING, pretendStage } from '../fixtures/demo.js'

const ask: Act = { who: 'customer', text: 'hi', author: 'customer', evidence: null, reason: null }
const base: Step = { title: 'x', acts: [ask], answer: 'yes', question: 'hi', bot: 'on' }
const by = (evidence: string) => ({ author: 'bot', evidence, reason: 'own_message' })
const heard = (questions: string[], ...answers: { text: string; decision: ReturnType<typeof by> }[]) => ({
  heard: async () => ({ questions, answers }),
})

async function rows(step: Partial<Step>, stage: Partial<Stage>): Promise<Row[]> {
  const all: Row[] = []
  for await (const row of perform({ ...base, ...step }, pretendStage(stage))) all.push(row)
  return all
}
const wrong = async (step: Partial<Step>, stage: Partial<Stage>) =>
  (await rows(step, stage)).filter(({ isRight }) => isRight === false).map(({ must }) => must)

t.test('an expected result is right', async (t) => {
  for (const evidence of ['message_id', 'text']) {
    t.same(await wrong({}, heard(['hi'], { text: 'yes', decision: by(evidence) })), [])
  }
  t.same(await wrong({ question: null }, {}), [])
  const paused_until = new Date(6 * 3_600_000).toISOString()
  const bot = async () => ({ enabled: false, paused_until, reason: 'human_echo' })
  t.same(await wrong({ question: null, bot: 'human_echo' }, { bot }), [])
  const back = await rows({ question: null, acts: [{ who: 'staff', hands: 'back' }] }, {})
  t.match(back[0], { who: 'staff', text: /enabled/ })
})

t.test('an unexpected result is wrong, and says what was expected', async (t) => {
  const yes = { text: 'yes', decision: by('message_id') }
  const expected = 'a question and its answer'
  for (const [name, step, stage, must] of [
    ['nobody asked', {}, heard([], yes), [expected]],
    ['no answer', {}, heard(['hi']), [expected]],
    ['neither', {}, { heard: async () => NOTHING }, [expected, expected]],
    ['other question', {}, heard(['ho'], yes), ['asked: hi']],
    ['asked twice', {}, heard(['hi', 'hi'], yes), ['not asked']],
    ['answered twice', {}, heard(['hi'], yes, yes), ['once: yes']],
    ['other answer', {}, heard(['hi'], { ...yes, text: 'no' }), ['once: yes']],
    ['asked all the same', { question: null }, heard(['hi']), ['not asked']],
    ['not silent', { question: null }, heard([], yes), ['silence']],
    [
      'bad evidence',
      {},
      heard(['hi'], { ...yes, decision: by('none') }),
      ['bot · evidence message_id: the id of our own send'],
    ],
  ] as const) {
    t.same(await wrong(step, stage as Partial<Stage>), must, name)
  }
  const no = { question: null }
  for (const change of [{ author: 'bot' }, { evidence: 'none' }, { reason: 'bot_paused' }]) {
    const stage = { customer: async () => ({ ...ASKED, ...change }) }
    t.same(await wrong(no, stage), ['customer · becomes a question'])
  }
  const paused = { enabled: false, paused_until: null, reason: 'human_echo' }
  t.same(await wrong(no, { bot: async () => paused }), ['the bot is on'])
  const silent = ['the bot is silent for 6 h (human_echo)']
  for (const change of [{}, { enabled: true }, { reason: 'api' }]) {
    t.same(await wrong({ ...no, bot: 'human_echo' }, { bot: async () => ({ ...paused, ...change }) }), silent)
  }
})
