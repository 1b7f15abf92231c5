/** What a release must show, and what its mistakes cost. Hashed into every release. */
import { type ActionPolicy, type GatePolicy, type PromotionPolicy, REQUIRED_GATES } from 'slipway/kit'

/** Points: a late parcel nobody was warned of costs four times as much as a needless warning. */
const COSTS = { missCost: 4, falseWarningCost: 1 } as const

export const lossUnit = 'points per parcel'

/** Where both mistakes are expected to cost the same. */
export const actionPolicy: ActionPolicy = {
  version: 'python-late_warning_v1',
  parameters: { ...COSTS, threshold: COSTS.falseWarningCost / (COSTS.missCost + COSTS.falseWarningCost) },
}

export const parameterOf = ({ parameters, version }: ActionPolicy, name: string): number => {
  const value = parameters[name]
  if (typeof value === 'number') return value
  throw new RangeError(`action policy ${version} has no number named ${name}`)
}

/** @param late 1 or 0, or how likely it is */
export function costOf(action: string, late: number, policy: ActionPolicy): number {
  return action === 'warn'
    ? (1 - late) * parameterOf(policy, 'falseWarningCost')
    : late * parameterOf(policy, 'missCost')
}

export const gates: GatePolicy = {
  version: 'python-late_gates_v1',
  required: [...REQUIRED_GATES],
  thresholds: { heldOutDays: 7, minCriticalRecallRatio: 0.8, maxSingleFeatureAuc: 0.9 },
}

export const promotion: PromotionPolicy = {
  schema: 'slipway.policy/1',
  name: 'python-late_promotion_v1',
  // A parcel is known to be late or not two days after its dispatch.
  labelHorizon: '2d',
  deadline: '14d',
  maxExtensions: 1,
  extendBy: '7d',
  steps: [
    { weight: 1_000, atLeast: '1d' },
    { weight: 5_000, atLeast: '2d' },
  ],
  onCanaryBusy: 'queue',
  judge: {
    alpha: 0.05,
    tunedFor: 1_000,
    nonInferiorityMargin: 0.05,
    harmMargin: 0.05,
    minMature: 300,
    minCoverage: 0.9,
    maxCoverageDifference: 0.05,
    sampleRatioAlpha: 0.001,
  },
  lookEvery: '1d',
  manualPromote: 'shorten_window',
  probation: { holdback: 1_000, lasts: '3d' },
}
