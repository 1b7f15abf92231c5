/** ETA's policies: what mistakes cost, what the gates require and how a canary is judged. Hashed into every release. */
import { REQUIRED_GATES } from '../../contracts/names.js'
import type {
  ConditionsPolicy,
  GatePolicy,
  MonitorSignal,
  PromotionPolicy,
  SchedulePolicy,
} from '../../contracts/types.js'
import { beyondReference, breachAbove } from '../kit/monitor-signals.js'
import { thresholdReader } from '../kit/thresholds.js'

export const LOSS_UNIT = 'cost points per flight'

/** Points. A late flight without a warning costs twice as much as a warning about a flight that came in time. */
export const COSTS = { missCost: 2, falseWarningCost: 1 } as const

export const policy: PromotionPolicy = {
  schema: 'slipway.policy/2',
  name: 'eta_promotion_v2',
  labelHorizon: '2d',
  deadline: '21d',
  maxExtensions: 1,
  extendBy: '7d',
  steps: [
    { weight: 500, atLeast: '1d' },
    { weight: 2_500, atLeast: '1d' },
    { weight: 5_000, atLeast: '1d' },
  ],
  onCanaryBusy: 'queue',
  // A threshold chosen by cost warns of fewer late flights when fewer are late: within two months its recall on these
  // lanes moves by a third.
  offline: { criticalFloor: 0.2, criticalLoss: 0.45 },
  judge: {
    alpha: 0.05,
    tunedFor: 5_000,
    nonInferiorityMargin: 0.02,
    harmMargin: 0.01,
    minMature: 1_000,
    minCoverage: 0.9,
    maxCoverageDifference: 0.03,
    sampleRatioAlpha: 0.001,
    // A late flight without a warning costs most. A greater loss is a defect, so the judge refuses it.
    lossBound: { lowest: 0, highest: COSTS.missCost, beyond: 'refuse' },
    // A third of what a flight costs without any warning.
    earlyEstimate: { pauseAbove: 0.1, minDecisions: 2_000 },
  },
  lookEvery: '1d',
  manualPromote: 'shorten_window',
  probation: { holdback: 1_000, lasts: '3d' },
}

/** Weekly, before the week's traffic. */
export const schedule: SchedulePolicy = {
  cron: '30 2 * * 1',
  timeZone: 'America/New_York',
  overlap: 'buffer_one',
  catchUp: '2d',
  jitter: '5m',
}

/** Conditions in production that trigger a retraining between two Mondays. */
export const triggers: ConditionsPolicy = {
  perDay: 2,
  conditions: [
    // The share of late flights moves between .13 and .33 within a year; the late shares in a release then grow stale.
    {
      name: 'costs-more',
      condition: 'quality',
      days: 7,
      minLabelled: 2e3,
      bound: { overPromotion: 0.1 },
      every: '1d',
      coolDown: '7d',
    },
    { name: 'old-data', condition: 'freshness', olderThan: '28d', every: '1d', coolDown: '7d' },
    {
      name: 'other-flights',
      condition: 'drift',
      threshold: 0.25,
      window: '7d',
      reference: '7d',
      features: ['input.distance', 'input.carrier', 'input.origin', 'output.probability'],
      minDecisions: 2e3,
      every: '1d',
      coolDown: '14d',
    },
  ],
}

const THRESHOLDS = {
  heldOutDays: 7,
  maxRejectedShare: 0.01,
  maxSingleFeatureAuc: 0.8,
  /** How many of the busiest lanes are critical. */
  criticalLanes: 20,
  /** Recall on the critical lanes over recall on all. */
  minCriticalRecallRatio: 0.8,
}

export const gates: GatePolicy = {
  version: 'eta_gates_v1',
  required: [...REQUIRED_GATES],
  thresholds: THRESHOLDS,
}

export type EtaThresholds = Readonly<typeof THRESHOLDS>
export const thresholdsOf = thresholdReader('eta', THRESHOLDS, { maxRecallLoss: 'minCriticalRecallRatio' })

export const monitor: { version: string; signals: MonitorSignal[] } = {
  version: 'eta_monitor_v1',
  signals: [
    breachAbove('scan_freshness_hours', 'data_health', 6, '1h', 'pause'),
    breachAbove('scoring_latency_p99_ms', 'service_health', 50, '5m', 'pause'),
    breachAbove('error_share', 'service_health', 0.02, '5m', 'rollback'),
    // Where requests come late, both releases answer late.
    beyondReference(0.1, breachAbove('stale_warning_share', 'rollback_event', 0.2, '1h', 'rollback')),
  ],
}
