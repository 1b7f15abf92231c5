import { digestOf } from '../../contracts/canonical.js'
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import { bodiesOf, promotedBy, type RecordedLook } from '../../contracts/ledger/index.js'
import type { ConditionPolicy } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import { type CohortCounts, promotionOf, type Registry } from '../../registry/index.js'
import { iso, type Measured, short } from './condition-measured.js'

type Quality = Extract<ConditionPolicy, { condition: 'quality' }>

/**
 * Standard errors by which the mean must exceed the bound. Starting a release costs less than promoting one, but it is
 * not free.
 */
const STANDARD_ERRORS = 2

/** The newest `days` mature exposure days of the production release before `at` (epoch ms). */
export async function measureQuality(
  registry: Registry,
  { name, policy, lossUnit }: Project,
  production: string,
  { days, minLabelled, bound }: Quality,
  at: number,
): Promise<Measured> {
  const labelHorizonMs = durationMs(policy.labelHorizon)
  // A day is mature once its end and the horizon have passed.
  const to = Math.floor((at - labelHorizonMs) / DAY_MS) * DAY_MS
  const from = to - days * DAY_MS
  const { lossBound, minCoverage } = policy.judge
  const cohorts = await registry.evidence.cohorts({
    project: name,
    releaseId: production,
    arms: ['production'],
    source: 'live',
    from,
    asOf: at,
    labelHorizonMs,
    ...(lossBound === undefined ? {} : { lossBound }),
  })
  const { exposed, labelled, mean, standardError } = pooled(cohorts.filter(({ day }) => Date.parse(day) < to))
  const window = { from: iso(from), to: iso(to) }
  const counts = { exposed, labelled }
  const cannotSay = (says: string): Measured => ({ holds: 'cannot_say', says, numbers: counts, window })
  if (labelled < minLabelled)
    return cannotSay(`${labelled} labelled decisions on the newest ${days} mature days; ${minLabelled} are needed`)
  if (labelled < minCoverage * exposed)
    return cannotSay(`${labelled} of ${exposed} decisions have a label; ${minCoverage} of them are needed`)
  const promotion = 'overPromotion' in bound ? await lossAtPromotion(registry, name, production) : null
  if ('overPromotion' in bound && promotion === null)
    return cannotSay(`${production} was not promoted by the judge, so there is no loss to compare with`)
  const limit = 'above' in bound ? bound.above : (promotion ?? 0) + bound.overPromotion
  const numbers = {
    meanLoss: mean,
    standardError,
    bound: limit,
    ...counts,
    days,
    ...(promotion === null ? {} : { lossAtPromotion: promotion }),
  }
  const found = `mean loss ${short(mean)} ± ${short(standardError)} ${lossUnit}, bound ${short(limit)}, ${labelled} labelled of ${exposed}`
  return { holds: mean - STANDARD_ERRORS * standardError > limit ? 'yes' : 'no', says: found, numbers, window }
}

function pooled(cohorts: readonly Pick<CohortCounts, 'exposed' | 'labelled' | 'lossSum' | 'lossSumSquares'>[]) {
  const sum = (of: 'exposed' | 'labelled' | 'lossSum' | 'lossSumSquares') =>
    cohorts.reduce((total, cohort) => total + cohort[of], 0)
  const [labelled, mean] = [sum('labelled'), sum('lossSum') / Math.max(1, sum('labelled'))]
  const variance = Math.max(0, sum('lossSumSquares') / Math.max(1, labelled) - mean ** 2)
  return { exposed: sum('exposed'), labelled, mean, standardError: Math.sqrt(variance / Math.max(1, labelled)) }
}

/**
 * Mean loss of the mature canary days at the look that promoted it, in the run that promoted it last: the same tuple
 * may have been run, and held, before. Null for a baseline or a release that was moved there by hand.
 */
async function lossAtPromotion(registry: Registry, project: string, production: string): Promise<number | null> {
  const promotion = await promotionOf(registry.aliases, project, production)
  const workflowId = promotion && promotedBy(promotion)
  if (!promotion || !workflowId) return null
  const promoted = ({ phase, judgement }: RecordedLook) =>
    phase === 'canary' &&
    judgement.action === 'promote' &&
    (promotion.evidence === null || digestOf(judgement) === promotion.evidence)
  // A canary ends with the look that promotes it. Only one that was opened again has others, and they are large.
  const newest = await registry.ledger.newestLook({ project, workflowId, phase: 'canary' })
  const all = async () => registry.ledger.entries(project, { kind: 'judgement', subject: workflowId })
  const look =
    newest && promoted(newest.body) ? newest.body : bodiesOf(await all(), 'judgement').findLast((one) => promoted(one))
  const mature = look?.cohorts.filter(({ arm, mature }) => mature && arm === look.arms.challenger) ?? []
  const { labelled, mean } = pooled(mature)
  return labelled === 0 ? null : mean
}
