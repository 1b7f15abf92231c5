import { LABELS_OF_THE_SDK, WORKER_METRICS } from '../../activities/worker-metrics.js'
import { createMetrics } from '../../serving/metrics.js'
import { code, GENERATED, page, table } from './markdown.js'

/** What prom-client knows of a metric beside what its types say. */
interface Described {
  readonly name: string
  readonly help: string
  readonly labelNames?: readonly string[]
  readonly constructor: { readonly name: string }
}

export function metricsReference(): string {
  const { registry: _, ...metrics } = createMetrics()
  const rows = Object.values(metrics).map((metric) => {
    const { name, help, labelNames = [], constructor: type } = metric as object as Described
    return [code(name), type.name.toLowerCase(), labelNames.map(code).join(', '), `${help}.`]
  })
  const ofWorkers = Object.values(WORKER_METRICS).map(({ name, type, labels, help }) => [
    code(name),
    type,
    labels.map(code).join(', '),
    `${help}.`,
  ])
  return page(
    '# Metrics',
    GENERATED,
    'Prometheus text format. Durations are in seconds, sizes in bytes or rows as named.',
    '## Decision service',
    '`/metrics` on the port of the decision service. With tokens it needs the role `read`.',
    table(['metric', 'type', 'labels', 'meaning'], rows),
    '## Workers',
    'A worker serves metrics at the address in `SLIPWAY_METRICS`. Its own also have the labels ' +
      `${LABELS_OF_THE_SDK.map(code).join(', ')}.`,
    table(['metric', 'type', 'labels', 'meaning'], ofWorkers),
    'The others are those of the Temporal SDK, with the prefix `temporal_`; the ' +
      '[list](https://docs.temporal.io/references/sdk-metrics) is in Temporal’s documentation. The most useful ones here:',
    table(
      ['metric', 'watch for'],
      [
        [
          code('temporal_activity_schedule_to_start_latency'),
          'A growing latency on `slipway-<project>`: more workers are needed there.',
        ],
        [code('temporal_worker_task_slots_available'), 'No slot left on a project queue for long: training waits.'],
        [
          code('temporal_workflow_task_execution_failed'),
          'Any: a build cannot replay a run; see [upgrading](../upgrading.md).',
        ],
        [code('temporal_activity_execution_failed'), 'Failures other than `NotYet`, which is how a canary waits.'],
      ],
    ),
  )
}
