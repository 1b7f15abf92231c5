/**
 * Forecast's policies: what mistakes cost, what the gates require, how a canary is judged. Hashed into every release.
 */
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

export const LOSS_UNIT = 'cost points per series and day'

/**
 * Points; 1 is a usual day's lines left over. A line that cannot be served costs as much as three left over, so the
 * quantile to order is 3 / (3 + 1). The standing supply lasts 1.5 usual days; a call to a buyer costs a quarter of a
 * usual day.
 */
export const COSTS = { underCost: 3, overCost: 1, orderQuantile: 0.75, standingRatio: 1.5, alertCost: 0.25 } as const

/** A greater loss counts as 6: two usual days that could not be served. One extreme day must not decide a canary. */
export const LOSS_BOUND = { lowest: 0, highest: 6, beyond: 'winsorise' } as const

export const policy: PromotionPolicy = {
  schema: 'slipway.policy/2',
  name: 'forecast_promotion_v2',
  labelHorizon: '7d',
  deadline: '35d',
  maxExtensions: 1,
  extendBy: '14d',
  // Three days are enough to see how many alerts it would send; what it costs is known a week later, and for the
  // canary.
  shadow: { share: 5_000, lasts: '3d' },
  steps: [
    { weight: 1_000, atLeast: '1d' },
    { weight: 5_000, atLeast: '2d' },
  ],
  onCanaryBusy: 'queue',
  // The naive rule serves half of the lines of a peak day.
  offline: { criticalFloor: 0.4, criticalLoss: 0.1 },
  judge: {
    alpha: 0.05,
    tunedFor: 4_000,
    // A twentieth of what a day costs: a difference that a month of traffic can detect.
    nonInferiorityMargin: 0.05,
    harmMargin: 0.05,
    minMature: 1_000,
    minCoverage: 0.9,
    maxCoverageDifference: 0.03,
    sampleRatioAlpha: 0.001,
    lossBound: LOSS_BOUND,
  },
  lookEvery: '1d',
  manualPromote: 'shorten_window',
  // Longer than the label horizon: otherwise no label would be mature during probation.
  probation: { holdback: 1_000, lasts: '10d' },
}

/** Weekly, after the week's counts are posted. */
export const schedule: SchedulePolicy = {
  cron: '30 23 * * 0',
  timeZone: 'Europe/London',
  overlap: 'buffer_one',
  catchUp: '2d',
  jitter: '5m',
}

/** Conditions in production that trigger a retraining between two Sundays. */
export const triggers: ConditionsPolicy = {
  perDay: 1,
  conditions: [
    {
      name: 'costs-more',
      condition: 'quality',
      days: 14,
      minLabelled: 1e3,
      bound: { overPromotion: 0.15 },
      every: '1d',
      coolDown: '14d',
    },
    // Seasons: the usual level changes within half a quarter.
    { name: 'old-data', condition: 'freshness', olderThan: '42d', every: '1d', coolDown: '7d' },
  ],
}

export const THRESHOLDS = {
  heldOutDays: 14,
  maxRejectedShare: 0.1,
  /** A peak: this many times the usual level, and this many lines more. */
  peakRatio: 2,
  peakLines: 2,
  maxPeakCostRatio: 1.02,
  maxWapeRatio: 1.02,
  minCoverage: 0.7,
  maxCoverage: 0.92,
  /**
   * Coverage is measured on series with this many usual lines a day. Below, whole lines cannot meet an interval's
   * level.
   */
  coverageFromLevel: 3,
}

export const gates: GatePolicy = {
  version: 'forecast_gates_v1',
  required: [...REQUIRED_GATES],
  thresholds: THRESHOLDS,
}

export type ForecastThresholds = Readonly<typeof THRESHOLDS>
export const thresholdsOf = thresholdReader('forecast', THRESHOLDS)

export const monitor: { version: string; signals: MonitorSignal[] } = {
  version: 'forecast_monitor_v1',
  signals: [
    breachAbove('counts_age_days', 'data_health', 2, '1d', 'pause'),
    breachAbove('error_share', 'service_health', 0.02, '1d', 'rollback'),
    // Up to 0.37 on Saturdays of the default data, and a canary of a tenth has some 80 series a day.
    // Where chains promote everywhere at once, production floods too: .93 in data that was not made here.
    beyondReference(0.2, breachAbove('alert_flood_share', 'rollback_event', 0.6, '1d', 'rollback')),
    // In usual days. Under the baseline, a week of the default data reaches .85 and 2.3. More means that something is
    // broken.
    beyondReference(0.2, breachAbove('mean_absolute_error', 'delayed_quality', 1.2, '7d', 'pause')),
    beyondReference(0.5, breachAbove('peak_residual', 'delayed_quality', 3, '7d', 'pause')),
  ],
}
