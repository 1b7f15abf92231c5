/** What forecast must show and what its mistakes cost. Hashed into every release. */
import { REQUIRED_GATES } from '../../contracts/names.js'
import type {
  ConditionsPolicy,
  GatePolicy,
  MonitorSignal,
  PromotionPolicy,
  SchedulePolicy,
} from '../../contracts/types.js'

/**
 * Points; 1 is a usual day's lines left over. A line that cannot be served costs three that are left over, so the quantile
 * to order is 3 / (3 + 1). The standing supply reaches 1.5 usual days; a buyer's call costs a quarter of one.
 */
export const COSTS = { underCost: 3, overCost: 1, orderQuantile: 0.75, standingRatio: 1.5, alertCost: 0.25 } as const

/** A single day may weigh two usual days that could not be served: beyond that it counts as this. */
export const LOSS_BOUND = { lowest: 0, highest: 6, beyond: 'winsorise' } as const

export const policy: PromotionPolicy = {
  schema: 'slipway.policy/1',
  name: 'forecast_promotion_v1',
  labelHorizon: '7d',
  deadline: '35d',
  maxExtensions: 1,
  extendBy: '14d',
  steps: [
    { weight: 1_000, atLeast: '1d' },
    { weight: 5_000, atLeast: '2d' },
  ],
  onCanaryBusy: 'queue',
  judge: {
    alpha: 0.05,
    tunedFor: 4_000,
    // A twentieth of what a day costs: a month of traffic can tell that much.
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
  // Longer than the label horizon, so that there is something to revert on.
  probation: { holdback: 1_000, lasts: '10d' },
}

/** Weekly, when the week's counts are in. */
export const schedule: SchedulePolicy = {
  cron: '30 23 * * 0',
  timeZone: 'Europe/London',
  overlap: 'buffer_one',
  catchUp: '2d',
  jitter: '5m',
}

/** When production itself asks for a new candidate between two Sundays. */
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
    // Seasons: what it learned of the usual level is gone in half a quarter.
    { name: 'old-data', condition: 'freshness', olderThan: '42d', every: '1d', coolDown: '7d' },
  ],
}

export const gates: GatePolicy = {
  version: 'forecast_gates_v1',
  required: [...REQUIRED_GATES],
  thresholds: {
    heldOutDays: 14,
    maxRejectedShare: 0.1,
    /** A peak: this many times the usual level, and this many lines more. */
    peakRatio: 2,
    peakLines: 2,
    maxPeakCostRatio: 1.02,
    maxWapeRatio: 1.02,
    minCoverage: 0.7,
    maxCoverage: 0.92,
    /** Usual lines a day from which an interval of whole lines can have a coverage near its level. */
    coverageFromLevel: 3,
  },
}

const signal = (
  name: string,
  clock: MonitorSignal['clock'],
  threshold: number,
  window: string,
  power: MonitorSignal['power'],
): MonitorSignal => ({ name, clock, threshold, breachWhen: 'above', window, power })

export const monitor: { version: string; signals: MonitorSignal[] } = {
  version: 'forecast_monitor_v1',
  signals: [
    signal('counts_age_days', 'data_health', 2, '1d', 'pause'),
    signal('error_share', 'service_health', 0.02, '1d', 'rollback'),
    // Up to 0.37 on Saturdays of the default data, and a canary of a tenth has some 80 series a day.
    signal('alert_flood_share', 'rollback_event', 0.6, '1d', 'rollback'),
    // In usual days. A week of the default data has at most .85 and 2.3 under the baseline: beyond, something is broken.
    signal('mean_absolute_error', 'delayed_quality', 1.2, '7d', 'pause'),
    signal('peak_residual', 'delayed_quality', 3, '7d', 'pause'),
  ],
}
