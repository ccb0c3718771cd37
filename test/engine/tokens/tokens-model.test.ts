import t from 'tap'
import fc, { RUNS } from '../../fixtures/property.js'
import {
  DAY,
  DEAD,
  fresh,
  HOUR,
  LOST,
  login,
  TOO_YOUNG,
  type TokenProcess,
  tokenWorld,
  WORKS,
} from '../../fixtures/token-world.js'

/** What happens to a shop in six hours; most of the time nothing. */
const happening = fc.oneof(
  { weight: 600, arbitrary: fc.constant({ is: 'nothing' } as const) },
  { weight: 30, arbitrary: fc.record({ is: fc.constant('restart' as const), which: fc.nat(1) }) },
  { weight: 15, arbitrary: fc.record({ is: fc.constant('store_away' as const), forSteps: fc.nat(4) }) },
  { weight: 15, arbitrary: fc.record({ is: fc.constant('meta_away' as const), forSteps: fc.nat(8) }) },
  { weight: 5, arbitrary: fc.constant({ is: 'rotate_secrets' } as const) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('new_token' as const), which: fc.nat(1) }) },
)
const STEP = 6 * HOUR
/** 200 days: three lives of a token. */
const STEPS = 800

t.test('whatever happens, two processes always have a token that works, and Meta is seldom asked', async (t) => {
  const lives: number[] = []
  const property = fc.asyncProperty(
    fc.array(happening, { minLength: STEPS, maxLength: STEPS }),
    fc.integer({ min: 0, max: 40 }),
    async (happenings, ageInDays) => {
      const world = tokenWorld(t)
      /** When each of Meta's tokens was made; it ends after 60 days. */
      const made = new Map([['settings 0', world.now() - ageInDays * DAY]])
      let isMetaAway = false
      const endOf = (token: string): number => (made.get(token) ?? -1e15) + 60 * DAY
      world.probe = async (token) => {
        if (isMetaAway) return { is: 'unknown', code: 'timeout' }
        return world.now() < endOf(token) ? WORKS : DEAD
      }
      world.answer = async (token) => {
        if (isMetaAway) return LOST
        if (world.now() >= endOf(token)) return { is: 'refused', code: '190' }
        if (world.now() < endOf(token) - 59 * DAY) return TOO_YOUNG
        const next = `refreshed ${made.size}`
        made.set(next, world.now())
        return fresh(next)
      }

      let secrets = ['secret 0']
      let oldest = ''
      let settings = ['settings 0', 'settings 0']
      const begin = (which: number) => world.process({ channels: [login('1', settings[which])], secrets })
      const processes: TokenProcess[] = [await begin(0), await begin(1)]
      let [storeBack, metaBack, restarts] = [0, 0, 0]
      for (const [step, what] of happenings.entries()) {
        if (what.is === 'store_away') storeBack = step + what.forSteps
        if (what.is === 'meta_away') metaBack = step + what.forSteps
        world.isAway = step < storeBack
        isMetaAway = step < metaBack
        if (what.is === 'restart' && !world.isAway) {
          restarts += 1
          await processes[what.which]!.stop()
          processes[what.which] = await begin(what.which)
        }
        if (what.is === 'rotate_secrets' && !world.isAway) {
          // The new one beside the old one, on either side.
          const old = secrets.find((secret) => secret !== oldest)!
          oldest = old
          secrets = step % 2 === 0 ? [`secret ${step}`, old] : [old, `secret ${step}`]
          for (const [which, process] of processes.entries()) {
            process.secrets = secrets
            await process.reload(login('1', settings[which]))
          }
        }
        if (what.is === 'new_token' && !isMetaAway) {
          // Somebody puts a new token into the files of one, and of the other some time later.
          const token = `settings ${step}`
          made.set(token, world.now())
          settings = settings.with(what.which, token)
          await processes[what.which]!.reload(login('1', token))
          settings = settings.with(1 - what.which, token)
          await processes[1 - what.which]!.reload(login('1', token))
        }
        await world.pass(STEP, STEP / 2)
        for (const process of processes) {
          await process.probeAll()
          if (world.now() >= endOf(process.token()!)) throw new Error(`${step}: ${process.token()} has ended`)
        }
      }
      for (const process of processes) await process.stop()
      lives.push(world.asked.length)
      const lost = processes.flatMap(({ lines }) => lines.filter((line) => /cannot be opened|has ended/.test(line)))
      return lost.length === 0 && world.asked.length < 200 + 4 * restarts
    },
  )
  const numRuns = Math.max(3, Math.round(RUNS / 100))
  await fc.assert(property, { numRuns })
  t.equal(lives.length, numRuns)
  t.ok(
    lives.every((asked) => asked >= 3),
    'a token of 60 days is refreshed three times in 200',
  )
})
