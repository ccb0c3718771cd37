import type { Row } from './paper.js'
import { type Act, ANSWER_EVIDENCE, type Bot, type Step } from './play.js'
import type { Heard, Stage } from './stage.js'
import { type BotState, botInWords, type Decision, decisionInWords } from './words.js'

/** Performs a step and compares the results with those expected. */

export type Actors = Pick<Stage, 'customer' | 'person' | 'workflow' | 'setBot' | 'bot' | 'answerWith' | 'heard' | 'now'>

const HOUR_MS = 3_600_000

export async function* perform(step: Step, actors: Actors): AsyncGenerator<Row> {
  actors.answerWith(step.answer)
  for (const act of step.acts) yield await performed(act, actors)
  const heard = await actors.heard(step.question === null ? 0 : 1)
  yield* exchange(step, heard)
  const text = heard.questions.length === 0 ? 'Dify is not asked' : ''
  yield { ...botRow(step.bot, await actors.bot(), actors.now()), text }
}

async function performed(act: Act, actors: Actors): Promise<Row> {
  if (act.who === 'staff') {
    await actors.setBot(true)
    return { who: 'staff', text: 'PUT /api/conversations/…/bot {"enabled": true}' }
  }
  const { who, text, author, evidence, reason } = act
  return judged(who, text, await actors[who](text), { author, evidence, reason })
}

function judged(who: Row['who'], text: string, seen: Decision, must: Decision): Row {
  const isRight = seen.author === must.author && seen.evidence === must.evidence && seen.reason === must.reason
  return { who, text, decision: decisionInWords(seen), isRight, must: decisionInWords(must) }
}

function* exchange({ question, answer }: Step, { questions, answers }: Heard): Generator<Row> {
  for (const [index, text] of questions.entries()) {
    const isRight = text === question && index === 0
    yield {
      who: 'Dify',
      text: isRight ? 'asked once, with all of it' : text,
      decision: 'asked',
      isRight,
      must: question === null || index > 0 ? 'not asked' : `asked: ${question}`,
    }
  }
  for (const [index, { text, decision }] of answers.entries()) {
    const evidence = ANSWER_EVIDENCE.find((one) => one === decision.evidence) ?? ANSWER_EVIDENCE[0]!
    const row = judged('bot', text, decision, { author: 'bot', evidence, reason: 'own_message' })
    const isExpected = question !== null && text === answer && index === 0
    yield isExpected ? row : { ...row, isRight: false, must: question === null ? 'silence' : `once: ${answer}` }
  }
  if (question === null) {
    return
  }
  if (questions.length === 0) yield missing('Dify was not asked')
  if (answers.length === 0) yield missing('no answer came')
}

function missing(decision: string): Row {
  return { who: 'router', text: '', decision, isRight: false, must: 'a question and its answer' }
}

function botRow(must: Bot, bot: BotState, now: number): Omit<Row, 'text'> {
  const left = bot.paused_until === null ? 0 : Date.parse(bot.paused_until) - now
  const isSixHours = Math.abs(left - 6 * HOUR_MS) < HOUR_MS / 60
  const isRight = must === 'on' ? bot.enabled : !bot.enabled && bot.reason === must && isSixHours
  const mustBe = must === 'on' ? 'the bot is on' : `the bot is silent for 6 h (${must})`
  return { who: 'router', decision: botInWords(bot, now), isRight, must: mustBe }
}
