/**
 * Each attempt of an activity is a span of its release's trace. The one that records the verdict adds the span of the
 * whole run.
 */
import type { Context } from '@temporalio/activity'
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common'
import type { ActivityInterceptorsFactory } from '@temporalio/worker'
import { errorText } from '../../contracts/error-text.js'
import { triggerOf } from '../../contracts/names.js'
import { type Traces, traceOfRun } from '../../contracts/traces.js'

/** What the registry says of a run that has ended. */
export interface EndedRun {
  readonly startedAt: string
  readonly releaseId: string | null
  readonly verdict: string | null
  readonly reason: string | null
}

export const traceActivities =
  (traces: Traces, runOf: (workflowId: string) => Promise<EndedRun | undefined>): ActivityInterceptorsFactory =>
  ({ info }: Context) => ({
    inbound: {
      async execute(input, next) {
        const run = info.workflowExecution?.workflowId ?? ''
        const project = triggerOf(run)?.project
        if (project === undefined) return next(input)
        const from = Date.now()
        const attributes = { 'slipway.run': run, 'slipway.project': project }
        const record = (error?: string) =>
          traces.record({
            name: info.activityType,
            parent: traceOfRun(run),
            from,
            until: Date.now(),
            attributes: { ...attributes, 'slipway.attempt': info.attempt },
            ...(error === undefined ? {} : { error }),
          })
        try {
          const result = await next(input)
          record()
          if (info.activityType === 'recordVerdict') await recordRun(traces, run, attributes, runOf).catch(() => {})
          return result
        } catch (error) {
          record(isNotYet(error) ? undefined : errorText(error))
          throw error
        }
      },
    },
  })

/** How a canary waits. */
const isNotYet = (error: unknown): boolean =>
  error instanceof ApplicationFailure && error.category === ApplicationFailureCategory.BENIGN

async function recordRun(
  traces: Traces,
  run: string,
  attributes: Readonly<Record<string, string>>,
  runOf: (workflowId: string) => Promise<EndedRun | undefined>,
): Promise<void> {
  const ended = await runOf(run)
  if (!ended) return
  traces.record({
    name: 'release',
    self: traceOfRun(run),
    from: Date.parse(ended.startedAt),
    until: Date.now(),
    attributes: {
      ...attributes,
      'slipway.release': ended.releaseId ?? '',
      'slipway.verdict': ended.verdict ?? '',
      'slipway.reason': ended.reason ?? '',
    },
  })
}
