/** What ranking must show, and what a slate may hold. Hashed into every release. */
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

/** A purchase can be sent back this long: only then is it known what an impression brought. */
const RETURN_WINDOW = '5d'
export const RETURN_WINDOW_MS = durationMs(RETURN_WINDOW)

export const policy: PromotionPolicy = {
  schema: 'slipway.policy/1',
  name: 'ranking_promotion_v1',
  labelHorizon: RETURN_WINDOW,
  deadline: '28d',
  maxExtensions: 1,
  extendBy: '7d',
  steps: [
    { weight: 1_000, atLeast: '1d' },
    { weight: 5_000, atLeast: '1d' },
  ],
  onCanaryBusy: 'queue',
  judge: {
    alpha: 0.05,
    tunedFor: 2_000,
    nonInferiorityMargin: 0.02,
    harmMargin: 0.01,
    minMature: 300,
    minCoverage: 0.9,
    maxCoverageDifference: 0.03,
    sampleRatioAlpha: 0.001,
  },
  lookEvery: '1d',
  manualPromote: 'shorten_window',
  // Long enough for the returns of its first days to come in: before, nothing could be reverted.
  probation: { holdback: 2_000, lasts: '9d' },
}

/** Weekly, in the small hours of Tuesday. */
export const schedule: SchedulePolicy = {
  cron: '30 3 * * 2',
  timeZone: 'Etc/UTC',
  overlap: 'buffer_one',
  catchUp: '2d',
  jitter: '5m',
}

/** When production itself asks for a new candidate between two Tuesdays. */
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

export const gates: GatePolicy = {
  version: 'ranking_gates_v1',
  required: [...REQUIRED_GATES, 'ndcg_by_slice'],
  thresholds: {
    heldOutDays: 7,
    maxRejectedShare: 0.01,
    maxSingleFeatureConcordance: 0.85,
    /** What a slice of queries may lose in NDCG@10 against production, and the fewest queries that make a slice. */
    maxSliceDrop: 0.03,
    minSliceQueries: 8,
  },
}

export type SlateRule = 'strict' | 'open'

/** How many listings, how many of one brand; `open` lets blocked ones in, as somebody did who filtered elsewhere. */
export const actionPolicy = (rule: SlateRule): ActionPolicy => ({
  version: rule === 'strict' ? 'ranking_slate_v1' : 'ranking_slate_open_v1',
  parameters: { slateSize: 10, perBrand: 3, showBlocked: rule === 'open', showOutOfStock: false },
})

const signal = (
  name: string,
  clock: MonitorSignal['clock'],
  breach: Pick<MonitorSignal, 'breachWhen' | 'threshold' | 'window' | 'power'>,
): MonitorSignal => ({ name, clock, ...breach })

export const monitor: { version: string; signals: MonitorSignal[] } = {
  version: 'ranking_monitor_v1',
  signals: [
    signal('eligible_candidates', 'data_health', { breachWhen: 'below', threshold: 8, window: '6h', power: 'pause' }),
    signal('unrated_share', 'data_health', { breachWhen: 'above', threshold: 0.5, window: '6h', power: 'pause' }),
    signal('impressions', 'data_health', { breachWhen: 'below', threshold: 1, window: '1d', power: 'pause' }),
    signal('scoring_latency_p99_ms', 'service_health', {
      breachWhen: 'above',
      threshold: 50,
      window: '5m',
      power: 'pause',
    }),
    signal('error_share', 'service_health', { breachWhen: 'above', threshold: 0.02, window: '5m', power: 'rollback' }),
    signal('blocked_exposures', 'rollback_event', {
      breachWhen: 'above',
      threshold: 0,
      window: '1h',
      power: 'rollback',
    }),
    // Whether a slate is worse than production's is for the judge; this is a slate nobody keeps anything of, whatever it is compared with.
    signal('loss_after_returns', 'delayed_quality', {
      breachWhen: 'above',
      threshold: 0.85,
      window: RETURN_WINDOW,
      power: 'pause',
    }),
  ],
}
