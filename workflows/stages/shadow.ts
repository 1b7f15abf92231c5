import { type ExposureResult, HARM_IN_SHADOW } from '../../contracts/activities.js'
import { eventNow } from '../../contracts/clock.js'
import type { CanaryProgress, ShadowProgress } from '../../contracts/continued-release.js'
import { durationMs } from '../../contracts/duration.js'
import { waiting } from '../calls.js'
import { continueIfDue } from '../continuation.js'
import { releaseDeadline, untilLooked } from '../hold-deadline.js'
import type { ReleaseRun } from '../release-run.js'
import { enter } from '../run.js'
import { StageEnd } from '../stage-end.js'
import { candidateOf, judgedAgainst } from './evaluating.js'
import { lookRequest } from './look-request.js'
import { withdrawCanary } from './production-changed.js'

/**
 * The first part of a canary whose policy has a shadow: the candidate scores what production answers. Only for such
 * policies, so that histories of others stay as they are.
 * @returns the event instant at which it ended, and the breaches that its last look had: those that are stored before
 * the first step has begun are for the looks of the canary; null: production changed
 */
export async function watchShadow(run: ReleaseRun): Promise<Pick<CanaryProgress, 'opened' | 'actedOn'> | null> {
  const { policy } = run.input
  const now = eventNow(run.clock, Date.now())
  const { opened } = run.shadow ?? { opened: now }
  run.shadow ??= { opened, looksAfter: opened }
  run.state.shadow = true
  try {
    for (;;) {
      await continueIfDue(run)
      const { looksAfter, actedOn } = run.shadow
      const deadline = opened + durationMs(policy.deadline) + run.state.extensions * durationMs(policy.extendBy)
      const result = await look(run, { opened, deadline, looksAfter, actedOn })
      if (!result) continue // an operator action changed what to wait for
      run.shadow = { opened, looksAfter: result.asOf, actedOn: result.breaches }
      if (result.clock) run.clock = result.clock
      const { reason, detail } = result
      switch (result.outcome) {
        case 'step_over':
          return { opened: result.asOf, actedOn: result.breaches }
        case 'production_changed':
          await withdrawCanary(run, detail ?? reason)
          return null
        case 'rollback':
          throw new StageEnd('rolled_back', reason, explain(run, result))
        case 'pause':
          // Looks continue while paused: a breach that rolls back must not wait for a person.
          run.state.paused = true
          break
        case 'promote':
        case 'undecided':
          // Only a canary has these.
          break
        case 'hold':
          throw new StageEnd('held', holdReason(run, reason), explain(run, result))
      }
    }
  } finally {
    // The canary has a deadline of its own.
    releaseDeadline(run)
    run.state.shadow = false
  }
}

function look(run: ReleaseRun, at: ShadowProgress & { readonly deadline: number }): Promise<ExposureResult | null> {
  const { policy, trigger } = run.input
  const { share = 0, lasts = '' } = policy.shadow ?? {}
  const waitingFor = run.state.paused ? 'an operator to resume or abort' : 'its first step'
  const summary = `shadow for ${lasts}, ${share / 100} % of requests scored too, waiting for ${waitingFor}`
  run.state.deadline = new Date(at.deadline).toISOString()
  enter(run, 'canary', summary)
  const watched = { phase: 'shadow', opened: at.opened, deadline: at.deadline } as const
  const request = lookRequest(run, { ...watched, looksAfter: at.looksAfter, actedOn: at.actedOn })
  return untilLooked(run, watched, () => waiting(trigger.project, `Canary ${summary}`).watchExposure(request))
}

const holdReason = ({ state }: ReleaseRun, reason: string): string =>
  `hold:${state.paused && reason !== HARM_IN_SHADOW ? 'paused' : reason}`

const explain = (run: ReleaseRun, result: ExposureResult): string =>
  `${candidateOf(run)} in the shadow of ${judgedAgainst(run)}: ${result.reason} as of ${new Date(result.asOf).toISOString()}.`
