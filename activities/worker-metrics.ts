/**
 * What a worker measures itself, beside Temporal's SDK and at the same address. The SDK adds the task queue and the
 * activity.
 */
import { Context } from '@temporalio/activity'
import type { MetricTags } from '@temporalio/common'

/** Labels that the SDK adds to each of them, in its spelling; its own metrics have `task_queue` and `activity_type`. */
export const LABELS_OF_THE_SDK = ['namespace', 'taskQueue', 'activityType'] as const

export const WORKER_METRICS = {
  look: {
    name: 'slipway_look_seconds',
    type: 'histogram',
    labels: ['project', 'phase', 'action'],
    help: 'A look from reading the evidence to its record in the ledger, by what the judge concluded. Its count is the number of looks',
  },
  placeWait: {
    name: 'slipway_computing_wait_seconds',
    type: 'histogram',
    labels: [],
    help: 'How long an import, training or evaluation waited for a place of its worker',
  },
  placeQueue: {
    name: 'slipway_computing_queue_activities',
    type: 'gauge',
    labels: [],
    help: 'Imports, trainings and evaluations that wait for a place of this worker',
  },
  failedAttempts: {
    name: 'slipway_attempts_failed_total',
    type: 'counter',
    labels: ['cause'],
    help: 'Attempts of activities that failed, by the type of the failure; all but the last of an activity were repeated. Waiting for a look is none',
  },
} as const

type Of<Type> = {
  [Key in keyof typeof WORKER_METRICS]: (typeof WORKER_METRICS)[Key] extends { type: Type } ? Key : never
}[keyof typeof WORKER_METRICS]

/** Activities are also called outside of a worker, which measures nothing then. */
function meter() {
  try {
    return Context.current().metricMeter
  } catch {
    return undefined
  }
}

export function countWork(key: Of<'counter'>, labels: MetricTags): void {
  const { name, help } = WORKER_METRICS[key]
  meter()?.createCounter(name, undefined, help).add(1, labels)
}

export function measureWork(key: Of<'histogram'>, seconds: number, labels: MetricTags = {}): void {
  const { name, help } = WORKER_METRICS[key]
  meter()?.createHistogram(name, 'float', 's', help).record(seconds, labels)
}

export function showWork(key: Of<'gauge'>, value: number): void {
  const { name, help } = WORKER_METRICS[key]
  meter()?.createGauge(name, 'int', undefined, help).set(value)
}

/** For the runtime of a worker process: the SDK would use its own limits, which are for milliseconds. */
export const WORK_SECONDS = Object.fromEntries(
  Object.values(WORKER_METRICS).flatMap(({ name, type }) =>
    type === 'histogram' ? [[name, [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 1_800, 7_200]]] : [],
  ),
)
