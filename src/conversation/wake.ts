import type { Wake } from './event.js'
import { nextStep } from './next-step.js'
import { adoptRun, startRun } from './question/run.js'
import { letShareGo } from './question/shares.js'
import { endWaitForEcho, loseTrack } from './sending/send-attempt.js'
import type { Draft } from './state/draft.js'
import type { WakeVerdict } from './verdict.js'

/** Handles a wake-up: the conversation's due time has come. */
export function wake(draft: Draft, event: Wake): WakeVerdict {
  const { policy, now } = draft
  const step = nextStep(draft.state, policy, now)
  switch (step.is) {
    case 'ask': {
      const run = startRun(draft, event)
      return woken(run === null ? null : { is: 'ask', run })
    }
    case 'let_go':
      return { of: 'wake', task: null, expiredShare: letShareGo(draft) }
    case 'adopt':
      return woken({ is: 'look_up', run: adoptRun(draft, step.run, event.runId) })
    case 'lose_track':
      loseTrack(draft, step.part)
      return woken(null)
    case 'end_wait':
      endWaitForEcho(draft, step.part)
      return woken(null)
    // Pruning has already removed what ended; a send waits for its slot in the channel's rate.
    case 'resume':
    case 'forget':
    case 'send':
    case 'rest':
      return woken(null)
  }
}

function woken(task: WakeVerdict['task']): WakeVerdict {
  return { of: 'wake', task, expiredShare: null }
}
