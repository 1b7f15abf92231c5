import type { BreachesRead, ExposureRequest } from '../../contracts/activities.js'
import type { ReleaseRun, Watched } from '../release-run.js'
import { runRef } from '../run.js'
import { candidateOf, judgedAgainst } from './evaluating.js'

type OfThePhase = Pick<Watched, 'phase' | 'opened' | 'deadline'> &
  Partial<Pick<ExposureRequest, 'step' | 'stepBegan' | 'looksAfter' | 'awaitsApproval' | 'once'>> & {
    readonly actedOn?: BreachesRead | undefined
  }

/** What every look of a run is asked for, and what its phase adds. */
export function lookRequest(run: ReleaseRun, { deadline, actedOn, ...at }: OfThePhase): ExposureRequest {
  const { policy, trigger } = run.input
  return {
    ...runRef(run),
    candidate: candidateOf(run),
    reference: judgedAgainst(run),
    policy,
    clock: run.clock,
    ...(trigger.source === undefined ? {} : { source: trigger.source }),
    ...(trigger.evidence === undefined ? {} : { evidence: trigger.evidence }),
    deadline: new Date(deadline).toISOString(),
    step: 0,
    stepBegan: at.opened,
    looksAfter: at.opened,
    once: false,
    paused: false,
    // A probation belongs to the run, not to one of its openings, and cannot be paused.
    ...(at.phase === 'probation' ? {} : ofTheOpening(run)),
    ...at,
    ...(actedOn ? { actedOn } : {}),
  }
}

const ofTheOpening = ({ openings, state, resumedAt, resumedBy }: ReleaseRun) => ({
  opening: openings,
  paused: state.paused,
  ...(resumedAt === null ? {} : { resumedAt }),
  ...(resumedBy === null ? {} : { resumedBy }),
})
