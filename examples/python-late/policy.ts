/** The policies: what mistakes cost, what the gates require, and how a canary is judged. Hashed into every release. */
import {
  type ActionPolicy,
  type GatePolicy,
  type PromotionPolicy,
  policyNumber,
  REQUIRED_GATES,
  thresholdReader,
} from 'slipway/kit'

/** Points. A late parcel without a warning costs four times as much as a needless warning. */
const COSTS = { missCost: 4, falseWarningCost: 1 } as const

export const lossUnit = 'points per parcel'

/** The threshold at which both mistakes have the same expected cost. */
export const actionPolicy: ActionPolicy = {
  version: 'python-late_warning_v1',
  parameters: { ...COSTS, threshold: COSTS.falseWarningCost / (COSTS.missCost + COSTS.falseWarningCost) },
}

export const parameterOf = policyNumber

/** @param late the label, or the probability that it is 1 */
export function costOf(action: string, late: number, policy: ActionPolicy): number {
  return action === 'warn'
    ? (1 - late) * parameterOf(policy, 'falseWarningCost')
    : late * parameterOf(policy, 'missCost')
}

/** Every threshold of the gates, with its value. A release that has other ones is refused. */
export const THRESHOLDS = { heldOutDays: 7, minCriticalRecallRatio: 0.8, maxSingleFeatureAuc: 0.9 }
export const thresholdsOf = thresholdReader('python-late', THRESHOLDS)

export const gates: GatePolicy = {
  version: 'python-late_gates_v1',
  required: [...REQUIRED_GATES],
  thresholds: THRESHOLDS,
}

export const promotion: PromotionPolicy = {
  schema: 'slipway.policy/2',
  name: 'python-late_promotion_v1',
  // A parcel's label is final two days after its dispatch.
  labelHorizon: '2d',
  deadline: '14d',
  maxExtensions: 1,
  extendBy: '7d',
  steps: [
    { weight: 1_000, atLeast: '1d' },
    { weight: 5_000, atLeast: '2d' },
  ],
  onCanaryBusy: 'queue',
  // Of the late parcels on critical slices: how many must be warned of, and how many fewer than by production.
  offline: { criticalFloor: 0.3, criticalLoss: 0.5 },
  judge: {
    alpha: 0.05,
    tunedFor: 1_000,
    nonInferiorityMargin: 0.05,
    harmMargin: 0.05,
    minMature: 300,
    minCoverage: 0.9,
    maxCoverageDifference: 0.05,
    sampleRatioAlpha: 0.001,
    // A late parcel without a warning costs most. A greater loss is a defect, so the judge refuses it.
    lossBound: { lowest: 0, highest: COSTS.missCost, beyond: 'refuse' },
  },
  lookEvery: '1d',
  manualPromote: 'shorten_window',
  probation: { holdback: 1_000, lasts: '3d' },
}
