/** What ETA must show and what its mistakes cost. Hashed into every release. */

import { REQUIRED_GATES } from '../../contracts/names.js'
import type {
  ConditionsPolicy,
  GatePolicy,
  MonitorSignal,
  PromotionPolicy,
  SchedulePolicy,
} from '../../contracts/types.js'

/** Points. A late parcel nobody was warned of costs twice as much as a warning about one that came in time. */
export const COSTS = { missCost: 2, falseWarningCost: 1 } as const

export const policy: PromotionPolicy = {
  schema: 'slipway.policy/1',
  name: 'eta_promotion_v1',
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
  judge: {
    alpha: 0.05,
    tunedFor: 5_000,
    nonInferiorityMargin: 0.02,
    harmMargin: 0.01,
    minMature: 1_000,
    minCoverage: 0.9,
    maxCoverageDifference: 0.03,
    sampleRatioAlpha: 0.001,
    // No flight costs more than one that nobody was warned of: a loss beyond is a defect, and decides nothing.
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

/** When production itself asks for a new candidate between two Mondays. */
export const triggers: ConditionsPolicy = {
  perDay: 2,
  conditions: [
    // The share of late flights moves between .13 and .33 within a year, and what a release knows of lanes with it.
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

export const gates: GatePolicy = {
  version: 'eta_gates_v1',
  required: [...REQUIRED_GATES],
  thresholds: {
    heldOutDays: 7,
    maxRejectedShare: 0.01,
    maxSingleFeatureAuc: 0.8,
    criticalLanes: 20,
    minCriticalRecallRatio: 0.8,
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
  version: 'eta_monitor_v1',
  signals: [
    signal('scan_freshness_hours', 'data_health', 6, '1h', 'pause'),
    signal('scoring_latency_p99_ms', 'service_health', 50, '5m', 'pause'),
    signal('error_share', 'service_health', 0.02, '5m', 'rollback'),
    signal('stale_warning_share', 'rollback_event', 0.2, '1h', 'rollback'),
  ],
}
