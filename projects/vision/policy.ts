/** What vision must show and what its mistakes cost. Hashed into every release. */
import { REQUIRED_GATES } from '../../contracts/names.js'
import type { ConditionsPolicy, GatePolicy, MonitorSignal, PromotionPolicy } from '../../contracts/types.js'

/** Cost points a photo. Damage that leaves the dock unseen costs five looks of a reviewer; asking again costs half a look. */
export const COSTS = { missedDamage: 5, needlessReview: 1, needlessRetake: 0.5 } as const

export const policy: PromotionPolicy = {
  schema: 'slipway.policy/1',
  name: 'vision_promotion_v1',
  labelHorizon: '3d',
  deadline: '28d',
  maxExtensions: 1,
  extendBy: '7d',
  steps: [
    { weight: 2_000, atLeast: '2d' },
    { weight: 5_000, atLeast: '2d' },
  ],
  onCanaryBusy: 'queue',
  judge: {
    alpha: 0.05,
    tunedFor: 1_000,
    nonInferiorityMargin: 0.15,
    harmMargin: 0.05,
    minMature: 150,
    minCoverage: 0.9,
    // About 70 photos a day: two arms of a few hundred differ by this much by chance alone.
    maxCoverageDifference: 0.05,
    sampleRatioAlpha: 0.001,
  },
  lookEvery: '1d',
  manualPromote: 'shorten_window',
  // Twice the label horizon: three of its days are final before it ends.
  probation: { holdback: 1_000, lasts: '6d' },
}

/** It has no cadence: labels are dear, and a dock changes when its lamps do. So production says when. */
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

export const gates: GatePolicy = {
  version: 'vision_gates_v1',
  required: [...REQUIRED_GATES],
  thresholds: {
    heldOutShare: 0.25,
    maxRejectedShare: 0.05,
    maxSingleFeatureAuc: 0.85,
    /** Share of damaged photos of the worst source that are reviewed. */
    minWorstRecall: 0.6,
    /** A source with fewer damaged photos says nothing of its own. */
    minSliceDamaged: 8,
    minUsableShare: 0.85,
  },
}

const signal = (
  name: string,
  clock: MonitorSignal['clock'],
  threshold: number,
  window: string,
  power: MonitorSignal['power'],
): MonitorSignal => ({ name, clock, threshold, breachWhen: 'above', window, power })

/** Reviewer-confirmed damage, the delayed clock, is the label itself: the judge reads it as loss by cohort. */
export const monitor: { version: string; signals: MonitorSignal[] } = {
  version: 'vision_monitor_v1',
  signals: [
    signal('unusable_photo_share', 'data_health', 0.25, '1d', 'pause'),
    signal('scoring_latency_p99_ms', 'service_health', 100, '5m', 'pause'),
    signal('error_share', 'service_health', 0.02, '5m', 'rollback'),
    signal('unsupported_escalation_share', 'rollback_event', 0.2, '1d', 'rollback'),
  ],
}
