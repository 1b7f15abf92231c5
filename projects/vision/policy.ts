/** Vision's policies: what mistakes cost, what the gates require, how a canary is judged. Hashed into every release. */
import { REQUIRED_GATES } from '../../contracts/names.js'
import type { ConditionsPolicy, GatePolicy, MonitorSignal, PromotionPolicy } from '../../contracts/types.js'
import { beyondReference, breachAbove } from '../kit/monitor-signals.js'
import { thresholdReader } from '../kit/thresholds.js'

export const LOSS_UNIT = 'cost points per photo'

/** Cost points a photo. Missed damage costs as much as five reviews; asking for another photo costs half a review. */
export const COSTS = { missedDamage: 5, needlessReview: 1, needlessRetake: 0.5 } as const

export const policy: PromotionPolicy = {
  schema: 'slipway.policy/2',
  name: 'vision_promotion_v2',
  labelHorizon: '3d',
  deadline: '28d',
  maxExtensions: 1,
  extendBy: '7d',
  steps: [
    { weight: 2_000, atLeast: '2d' },
    { weight: 5_000, atLeast: '2d' },
  ],
  onCanaryBusy: 'queue',
  // On the default data the baseline reviews every photo and finds all damage; a learned threshold is worth its cost
  // because it reviews fewer.
  offline: { criticalFloor: 0.5, criticalLoss: 0.35 },
  judge: {
    alpha: 0.05,
    tunedFor: 1_000,
    nonInferiorityMargin: 0.15,
    harmMargin: 0.05,
    minMature: 150,
    minCoverage: 0.9,
    // With about 70 photos a day, two arms of a few hundred photos differ by this much by chance alone.
    maxCoverageDifference: 0.05,
    sampleRatioAlpha: 0.001,
    // Missed damage costs most. A greater loss is a defect, so the judge refuses it.
    lossBound: { lowest: 0, highest: COSTS.missedDamage, beyond: 'refuse' },
  },
  lookEvery: '1d',
  manualPromote: 'shorten_window',
  // Twice the label horizon: labels of three days are final before probation ends.
  probation: { holdback: 1_000, lasts: '6d' },
}

/**
 * There is no schedule: labels are expensive, and docks change rarely. Conditions in production trigger a retraining.
 */
export const triggers: ConditionsPolicy = {
  perDay: 1,
  conditions: [
    {
      name: 'other-light',
      condition: 'drift',
      threshold: 0.25,
      window: '7d',
      reference: '7d',
      features: ['output.brightness', 'output.sharpness'],
      minDecisions: 300,
      every: '1d',
      coolDown: '14d',
    },
    {
      name: 'costs-more',
      condition: 'quality',
      days: 14,
      minLabelled: 300,
      bound: { overPromotion: 0.2 },
      every: '1d',
      coolDown: '14d',
    },
    { name: 'old-data', condition: 'freshness', olderThan: '90d', every: '1d', coolDown: '30d' },
  ],
}

const THRESHOLDS = {
  heldOutShare: 0.25,
  maxRejectedShare: 0.05,
  maxSingleFeatureAuc: 0.85,
  /** Share of the damaged photos of the worst source that are reviewed. */
  minWorstRecall: 0.6,
  /** A source with fewer damaged photos is not measured alone. */
  minSliceDamaged: 8,
  /** Share of the photos for which no other one is requested. */
  minUsableShare: 0.85,
}

export const gates: GatePolicy = {
  version: 'vision_gates_v1',
  required: [...REQUIRED_GATES],
  thresholds: THRESHOLDS,
}

export type VisionThresholds = Readonly<typeof THRESHOLDS>
export const thresholdsOf = thresholdReader('vision', THRESHOLDS)

/**
 * There is no delayed signal: the damage that a reviewer confirms is the label, which the judge reads as loss by
 * cohort.
 */
export const monitor: { version: string; signals: MonitorSignal[] } = {
  version: 'vision_monitor_v1',
  signals: [
    // Other cameras have other shares; production sees the same photos.
    beyondReference(0.1, breachAbove('unusable_photo_share', 'data_health', 0.25, '1d', 'pause')),
    breachAbove('scoring_latency_p99_ms', 'service_health', 100, '5m', 'pause'),
    breachAbove('error_share', 'service_health', 0.02, '5m', 'rollback'),
    beyondReference(0.1, breachAbove('unsupported_escalation_share', 'rollback_event', 0.2, '1d', 'rollback')),
  ],
}
