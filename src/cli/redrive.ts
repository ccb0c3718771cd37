import { type Run, write } from './command.js'
import { routerOf } from './router.js'

interface Redriven {
  readonly redriven: number
  readonly more: boolean
}

export const run: Run = async ({ values, given }, world) => {
  const router = routerOf(values, world)
  const [letter] = given
  if (letter !== undefined) {
    const answer = await router.call<object>('POST', `/api/dead-letters/${encodeURIComponent(letter)}/redrive`)
    write(world, values.json ? JSON.stringify(answer) : `${letter}: will be sent`)
    return 0
  }
  const body = values.page === undefined ? {} : { page: values.page }
  const answer = await router.call<Redriven>('POST', '/api/dead-letters/redrive', { body })
  write(world, values.json ? JSON.stringify(answer) : inWords(answer))
  return 0
}

function inWords({ redriven, more }: Redriven): string {
  if (redriven === 0) return 'There is no dead letter: nothing was sent.'
  const many = redriven === 1 ? '1 dead letter' : `${redriven} dead letters`
  return `${many} will be sent.${more ? ' There are more: run it again.' : ''}`
}
