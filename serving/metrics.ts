/** Prometheus metrics. Each service has its own registry, so that two services in one process stay separate. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const labelNames = ['project'] as const
  return {
    registry,
    decisions: new Counter({
      name: 'slipway_decisions_total',
      help: 'Decisions answered, durable in the log',
      labelNames: ['project', 'arm'] as const,
      registers,
    }),
    refused: new Counter({
      name: 'slipway_requests_refused_total',
      help: 'Requests not answered, by HTTP status',
      labelNames: ['status'] as const,
      registers,
    }),
    seconds: new Histogram({
      name: 'slipway_decision_seconds',
      help: 'From request to durable answer',
      labelNames,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
      registers,
    }),
    flushed: new Histogram({
      name: 'slipway_log_flush_rows',
      help: 'Rows a flush of the decision log',
      labelNames,
      buckets: [1, 10, 100, 1_000],
      registers,
    }),
    queue: new Gauge({ name: 'slipway_log_queue_rows', help: 'Decisions waiting for a flush', labelNames, registers }),
    spool: new Gauge({
      name: 'slipway_log_spool_bytes',
      help: 'Decisions durable on this machine only, while the database is away',
      labelNames,
      registers,
    }),
    unreadSpools: new Gauge({
      name: 'slipway_spool_unread_bytes',
      help: 'Decisions in all spools of this folder, also of processes that ended, that are not in the database yet',
      labelNames,
      registers,
    }),
    refusedRows: new Gauge({
      name: 'slipway_spool_refused_rows',
      help: 'Spooled decisions that the database refused, kept in files beside the spools',
      labelNames,
      registers,
    }),
    projectReady: new Gauge({
      name: 'slipway_project_ready',
      help: '1 if a release of the project is loaded and answers, else 0',
      labelNames,
      registers,
    }),
    aliasAge: new Gauge({
      name: 'slipway_alias_age_seconds',
      help: 'Since the registry last confirmed the aliases',
      labelNames,
      registers,
    }),
    shadow: new Counter({
      name: 'slipway_shadow_decisions_total',
      help: 'Requests for the candidate of a shadow: scored, failed to score, or shed because there was no time or room for them',
      labelNames: ['project', 'result'] as const,
      registers,
    }),
    shadowQueue: new Gauge({
      name: 'slipway_shadow_queue_requests',
      help: 'Requests that wait for the candidate of a shadow',
      labelNames,
      registers,
    }),
    shadowQueueSize: new Gauge({
      name: 'slipway_shadow_queue_characters',
      help: 'Characters of the inputs, as JSON, that wait for the candidate of a shadow or are being scored',
      labelNames,
      registers,
    }),
    outcomes: new Counter({
      name: 'slipway_outcomes_total',
      help: 'Labels delivered, by what became of them',
      labelNames: ['project', 'result'] as const,
      registers,
    }),
    labelLag: new Histogram({
      name: 'slipway_label_lag_seconds',
      help: 'From a decision to the instant at which its first label was observed, in event time',
      labelNames,
      buckets: [60, 600, 3_600, 21_600, 86_400, 259_200, 604_800, 1_209_600, 2_592_000, 7_776_000],
      registers,
    }),
    labelCoverage: new Gauge({
      name: 'slipway_label_coverage',
      help: 'Share of the decisions on mature days that had a label at the newest look of an open canary or probation; every gateway answers the same',
      labelNames: ['project', 'arm'] as const,
      registers,
    }),
    waiting: new Gauge({
      name: 'slipway_releases_waiting',
      help: 'Open releases by what they wait for: people, machines, the canary lane or labels; every gateway answers the same',
      labelNames: ['project', 'waits_for'] as const,
      registers,
    }),
    waitingSeconds: new Gauge({
      name: 'slipway_release_waiting_seconds',
      help: 'The longest present wait: for people since it was paused or asked for approval, otherwise since the newest ledger entry of the release',
      labelNames: ['project', 'waits_for'] as const,
      registers,
    }),
    openReleases: new Gauge({
      name: 'slipway_open_releases',
      help: 'Releases without a verdict, by stage, as the registry has them; every gateway answers the same',
      labelNames: ['project', 'stage'] as const,
      registers,
    }),
    attention: new Gauge({
      name: 'slipway_releases_needing_attention',
      help: 'Releases that need a person, by why, as far as the registry knows; every gateway answers the same',
      labelNames: ['project', 'why'] as const,
      registers,
    }),
    refusedNotices: new Gauge({
      name: 'slipway_notices_refused',
      help: 'Notices that a webhook refused for good and that were not accepted since',
      registers,
    }),
    signal: new Gauge({
      name: 'slipway_signal',
      help: 'Monitor signals of the newest window, as this gateway sees them',
      labelNames: ['project', 'arm', 'signal'] as const,
      registers,
    }),
    breaches: new Counter({
      name: 'slipway_breaches_total',
      help: 'Breaches stored by this gateway',
      labelNames: ['project', 'signal'] as const,
      registers,
    }),
  }
}
