/**
 * Ranking's policies: what a slate may hold, what the gates require, how a canary is judged. Hashed into every release.
 */
import { durationMs } from '../../contracts/duration.js'
import { REQUIRED_GATES } from '../../contracts/names.js'
import type {
  ActionPolicy,
  ConditionsPolicy,
  GatePolicy,
  MonitorSignal,
  PromotionPolicy,
  SchedulePolicy,
} from '../../contracts/types.js'
import { beyondReference, breachAbove, breachBelow } from '../kit/monitor-signals.js'
import { thresholdReader } from '../kit/thresholds.js'

export const LOSS_UNIT = 'share of the best slate’s gain lost per impression, returns deducted'

/** A purchase can be returned within this time. Only afterwards is the gain of an impression known. */
const RETURN_WINDOW = '5d'
export const RETURN_WINDOW_MS = durationMs(RETURN_WINDOW)

export const policy: PromotionPolicy = {
  schema: 'slipway.policy/2',
  name: 'ranking_promotion_v2',
  labelHorizon: RETURN_WINDOW,
  deadline: '28d',
  maxExtensions: 1,
  extendBy: '7d',
  steps: [
    { weight: 1_000, atLeast: '1d' },
    { weight: 5_000, atLeast: '1d' },
  ],
  onCanaryBusy: 'queue',
  // Of the worst kind of query. A small set of judged queries shows a difference only within a quarter.
  offline: { criticalFloor: 0.2, criticalLoss: 0.25 },
  judge: {
    alpha: 0.05,
    tunedFor: 2_000,
    nonInferiorityMargin: 0.02,
    harmMargin: 0.01,
    minMature: 300,
    minCoverage: 0.9,
    maxCoverageDifference: 0.03,
    sampleRatioAlpha: 0.001,
    // What an order gains depends on the queries of the day, by more than chance: its mean over such days is judged.
    acrossDays: 'random',
    // A slate loses between nothing and all of the best slate’s gain; beyond that is rounding only.
    lossBound: { lowest: 0, highest: 1, beyond: 'winsorise' },
  },
  lookEvery: '1d',
  manualPromote: 'shorten_window',
  // Longer than the return window: otherwise no label would be mature during probation.
  probation: { holdback: 2_000, lasts: '9d' },
}

/** Weekly, early on Tuesday. */
export const schedule: SchedulePolicy = {
  cron: '30 3 * * 2',
  timeZone: 'Etc/UTC',
  overlap: 'buffer_one',
  catchUp: '2d',
  jitter: '5m',
}

/** Conditions in production that trigger a retraining between two Tuesdays. */
export const triggers: ConditionsPolicy = {
  perDay: 1,
  conditions: [
    {
      name: 'keeps-less',
      condition: 'quality',
      days: 7,
      minLabelled: 500,
      bound: { overPromotion: 0.03 },
      every: '1d',
      coolDown: '14d',
    },
    { name: 'old-data', condition: 'freshness', olderThan: '28d', every: '1d', coolDown: '7d' },
  ],
}

export const THRESHOLDS = {
  heldOutDays: 7,
  maxRejectedShare: 0.01,
  maxSingleFeatureConcordance: 0.85,
  /** How much lower than production a slice of queries may be in NDCG@10. */
  maxSliceDrop: 0.03,
  /** A slice with fewer queries is not measured. */
  minSliceQueries: 8,
}

export const gates: GatePolicy = {
  version: 'ranking_gates_v1',
  required: [...REQUIRED_GATES, 'ndcg_by_slice'],
  thresholds: THRESHOLDS,
}

export type RankingThresholds = Readonly<typeof THRESHOLDS>
export const thresholdsOf = thresholdReader('ranking', THRESHOLDS)

export type SlateRule = 'strict' | 'open'

/**
 * How many listings, and how many of one brand. `open` admits blocked ones: a mistake on purpose that a gate must find.
 */
export const actionPolicy = (rule: SlateRule): ActionPolicy => ({
  version: rule === 'strict' ? 'ranking_slate_v1' : 'ranking_slate_open_v1',
  parameters: { slateSize: 10, perBrand: 3, showBlocked: rule === 'open', showOutOfStock: false },
})

export const monitor: { version: string; signals: MonitorSignal[] } = {
  version: 'ranking_monitor_v1',
  signals: [
    breachBelow('eligible_candidates', 'data_health', 8, '6h', 'pause'),
    breachAbove('unrated_share', 'data_health', 0.5, '6h', 'pause'),
    breachBelow('impressions', 'data_health', 1, '1d', 'pause'),
    breachAbove('scoring_latency_p99_ms', 'service_health', 50, '5m', 'pause'),
    breachAbove('error_share', 'service_health', 0.02, '5m', 'rollback'),
    breachAbove('blocked_exposures', 'rollback_event', 0, '1h', 'rollback'),
    // An absolute limit: almost nothing of such slates is kept. Whether a slate is worse than production's is for the
    // judge.
    beyondReference(0.05, breachAbove('loss_after_returns', 'delayed_quality', 0.85, RETURN_WINDOW, 'pause')),
  ],
}
