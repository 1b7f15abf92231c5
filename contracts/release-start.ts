/** The start of a release: the same for every way to start one. Zod-free: workflow code imports this file. */
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common'
import { releaseWorkflowId, TASK_QUEUE } from './names.js'
import type { ReleaseInput } from './types.js'

const attribute = (name: string, value: string) => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  value,
})

/** Search attributes of every workflow that a trigger starts. */
export const triggerAttributes = ({ project, kind }: { project: string; kind: string }) => [
  attribute('ReleaseProject', project),
  attribute('ReleaseTrigger', kind),
]

/** Start options of the workflow `release`. A trigger is used once: a finished release is not run again. */
export function releaseStart(input: ReleaseInput) {
  const { trigger, policy, clock } = input
  return {
    workflowId: releaseWorkflowId(trigger.project, trigger.id),
    taskQueue: TASK_QUEUE,
    args: [input] as [ReleaseInput],
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    // A task may hold thousands of signals; after the default of 10 s it would be repeated without end.
    workflowTaskTimeout: '30 s' as const,
    typedSearchAttributes: new TypedSearchAttributes([
      ...triggerAttributes(trigger),
      attribute('ReleaseStage', 'validating'),
    ]),
    staticSummary: `${trigger.project}: release for trigger ${trigger.id}`,
    staticDetails: [
      `Started by ${trigger.by} (${trigger.kind}); data as of ${trigger.cutoff}.`,
      ...(trigger.cause === undefined ? [] : [`Because: ${trigger.cause.reason}`]),
      `Policy ${policy.name}: labels are final after ${policy.labelHorizon}; undecided after ${policy.deadline} is held.`,
      clock.speed === 1 ? 'Time runs at its real speed.' : `Time runs ${clock.speed} times as fast.`,
    ].join('\n\n'),
  }
}
