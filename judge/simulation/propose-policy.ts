/** A policy for known traffic, from what a project knows before its first canary. */
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import type { PromotionPolicy } from '../../contracts/types.js'

export interface Wish {
  /** Decisions a day, both arms together. */
  readonly perDay: number
  /** Share of production's decisions that incur a loss. */
  readonly rate: number
  /** Relative change of the loss that matters: 0.1 means 10 %. */
  readonly smallestEffect: number
  readonly horizon: string
  /** Shares of the canary in basis points, a day each at least; the last one lasts until the verdict. */
  readonly ramp: readonly number[]
}

export interface Proposal {
  readonly policy: PromotionPolicy
  /** Days on which the canary has traffic before the deadline. */
  readonly exposedDays: number
}

const ALPHA = 0.05
/** Distance of the smallest effect from zero in standard errors at the deadline: about 85 of 100 are found. */
const AIM = 3
/** Losses that an arm needs before the normal approximation is used. */
const FEWEST_LOSSES = 30
const FEWEST_MATURE = 100
/** Exposed decisions for each that a verdict needs: some labels are missing, and the split varies. */
const ROOM = 1.3
/** Longer than this, production will have changed before the verdict. */
const LONGEST_DAYS = 120

/** Null if the traffic cannot show the effect within the longest exposure. */
export function proposePolicy({ perDay, rate, smallestEffect, horizon, ramp }: Wish): Proposal | null {
  const effect = rate * smallestEffect
  const information = (AIM * AIM * 4 * rate * (1 - rate)) / (effect * effect)
  const minMature = Math.max(FEWEST_MATURE, Math.ceil(FEWEST_LOSSES / rate))
  const exposedDays = daysUntil({ information, decisions: ROOM * minMature }, perDay, ramp)
  if (exposedDays === null) return null
  const horizonDays = Math.ceil(durationMs(horizon) / DAY_MS)
  const rounded = (value: number) => Number(value.toPrecision(3))
  const policy: PromotionPolicy = {
    schema: 'slipway.policy/2',
    name: 'planned_v1',
    labelHorizon: horizon,
    deadline: `${exposedDays + horizonDays}d`,
    maxExtensions: 1,
    extendBy: `${Math.max(1, Math.ceil(exposedDays / 2))}d`,
    steps: ramp.map((weight) => ({ weight, atLeast: '1d' })),
    onCanaryBusy: 'queue',
    judge: {
      alpha: ALPHA,
      method: 'group_sequential',
      groupSequential: { spending: 'obrien_fleming', plannedInformation: Math.ceil(information) },
      tunedFor: Math.ceil(information),
      objective: 'non_inferiority',
      nonInferiorityMargin: rounded(effect),
      harmMargin: rounded(effect / 4),
      minMature,
      minCoverage: 0.9,
      maxCoverageDifference: 0.03,
      sampleRatioAlpha: 0.001,
      lossBound: { lowest: 0, highest: 1, beyond: 'refuse' },
    },
    lookEvery: '1d',
    manualPromote: 'never',
    // Twice the label horizon: several days are mature before probation ends.
    probation: { holdback: 1_000, lasts: `${2 * horizonDays + 1}d` },
  }
  return { policy, exposedDays }
}

/** The days on which the ramp gathers this information, and these decisions in each arm; its last share lasts. */
function daysUntil(
  needed: { readonly information: number; readonly decisions: number },
  perDay: number,
  ramp: readonly number[],
): number | null {
  let [gathered, canary, production] = [0, 0, 0]
  for (let day = 1; day <= LONGEST_DAYS; day += 1) {
    const share = (ramp[Math.min(day, ramp.length) - 1] ?? 0) / 10_000
    gathered += 4 * perDay * share * (1 - share)
    canary += perDay * share
    production += perDay * (1 - share)
    const enough = gathered >= needed.information && Math.min(canary, production) >= needed.decisions
    if (enough && day >= ramp.length) return day
  }
  return null
}
