/** Policies that can never reach what they promise: refused when a release starts, never for one that runs. */
import { DAY_MS, durationMs } from '../contracts/duration.js'
import { SlipwayError } from '../contracts/failure.js'
import { failureLossOf } from '../contracts/scoring-failure.js'
import type { PromotionPolicy } from '../contracts/types.js'
import { BALANCED_FROM } from '../judge/index.js'
import type { Project } from '../projects/project.js'
import { exposedMs, firstCohortMs } from './verdict-times.js'

const UNITS = [
  ['d', DAY_MS],
  ['h', 3_600_000],
  ['m', 60_000],
] as const

/** As policies state durations. */
function inPolicy(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms % size === 0) ?? (['s', 1_000] as const)
  return `${ms / size}${unit}`
}

/**
 * The first cohort is the first whole day after the opening. It is mature when that day and the label horizon have
 * passed: earlier, a probation sees no matured harm and a canary has no verdict.
 * @throws SlipwayError BadRequest naming the field, its value and the shortest duration that can decide
 */
export function requirePolicyThatCanDecide(policy: PromotionPolicy): void {
  const { labelHorizon, probation, deadline, steps } = policy
  const matured = firstCohortMs(policy)
  if (durationMs(probation.lasts) < matured) {
    const never = `with labels final after ${labelHorizon} it could never see matured harm`
    throw refused('probation.lasts', probation.lasts, never, matured)
  }
  if (policy.schema !== 'slipway.policy/1' && failureLossOf(policy) === null) {
    throw new SlipwayError(
      'BadRequest',
      'policy: judge.failureLoss is absent, and losses have no bound: a candidate that fails to score could not be charged; state failureLoss or lossBound',
    )
  }
  requireFewLooks(policy)
  const first = Math.max(matured, exposedMs(policy))
  if (durationMs(deadline) < first) {
    const never = `with labels final after ${labelHorizon} and these steps it would end before the first possible verdict`
    throw refused('deadline', deadline, never, first)
  }
  const widest = steps.at(-1)?.weight ?? 0
  if (policy.schema !== 'slipway.policy/1' && !policy.judge.lossBound && widest < BALANCED_FROM) {
    throw new SlipwayError(
      'BadRequest',
      `policy: steps.${steps.length - 1}.weight is ${widest}: with unbounded losses it could never promote; it must be at least ${BALANCED_FROM}, or judge.lossBound must be there`,
    )
  }
}

/** Each look is recorded with its evidence: every ten minutes for two years is more than a ledger should hold. */
const MOST_LOOKS = 100_000

function requireFewLooks({ lookEvery, deadline, maxExtensions, extendBy, probation }: PromotionPolicy): void {
  const lasts = durationMs(deadline) + maxExtensions * durationMs(extendBy) + durationMs(probation.lasts)
  const looks = Math.ceil(lasts / durationMs(lookEvery))
  if (looks <= MOST_LOOKS) return
  const why = `up to the last deadline and in the probation there would be ${looks} looks, and at most ${MOST_LOOKS} are recorded`
  throw refused('lookEvery', lookEvery, why, Math.ceil(lasts / MOST_LOOKS / 1_000) * 1_000)
}

/** @throws SlipwayError BadRequest when the shadow would wait for labels that its decisions never get */
export function requireLabelsForShadow(
  { name, labelsIndependentOfAction = false }: Pick<Project, 'name' | 'labelsIndependentOfAction'>,
  { shadow }: PromotionPolicy,
): void {
  if (!shadow || labelsIndependentOfAction) return
  const why = `labels of ${name} may depend on the action, so its shadow decisions have none`
  const instead = 'remove it, or set labelsIndependentOfAction in the project'
  if (shadow.minMature !== undefined)
    throw new SlipwayError('BadRequest', `policy: shadow.minMature is ${shadow.minMature}: ${why}; ${instead}`)
  if (shadow.paired) throw new SlipwayError('BadRequest', `policy: shadow.paired is there: ${why}; ${instead}`)
}

const refused = (field: string, value: string, why: string, shortest: number) =>
  new SlipwayError('BadRequest', `policy: ${field} is ${value}: ${why}; it must be at least ${inPolicy(shortest)}`)
