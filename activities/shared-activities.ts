/** Activities on the shared task queue: they only use the registry. All idempotent, keyed by run and step. */

import { Context } from '@temporalio/activity'
import type { SharedActivities } from '../contracts/activities.js'
import { SlipwayError } from '../contracts/failure.js'
import { approvalKey, triggerKey } from '../contracts/ledger/index.js'
import { releaseInput } from '../contracts/schemas/index.js'
import { createCheckCondition } from '../releases/conditions/check-condition.js'
import { openCanary } from '../releases/exposure/open-canary.js'
import { countedAnswer, identityOf } from '../releases/identity/approval-counts.js'
import { readProgress } from '../releases/looks/read-progress.js'
import { closeCanary, promote, revert } from '../releases/move-aliases.js'
import { recordOperatorAction, recordVerdict } from '../releases/record-operator-action.js'
import { findOperatorActions, recordOperatorActions } from '../releases/record-operator-actions.js'
import { planScheduled } from '../releases/schedules/plan-scheduled.js'
import { notYet } from './activity-failures.js'
import type { Dependencies } from './dependencies.js'

/** Soon at first, later once a minute: each check is a write to the Temporal server, and a canary lasts for weeks. */
const laneCheckMs = (attempt: number): number => Math.min(60_000, 1_000 * attempt)

export function createSharedActivities({ registry, projects, now, prover }: Dependencies): SharedActivities {
  return {
    checkCondition: createCheckCondition({ registry, projects, now }),

    planScheduled: (request) => planScheduled(registry, projects, request),

    async recordTrigger(input, workflowId) {
      const parsed = releaseInput.safeParse(input)
      if (!parsed.success)
        throw new SlipwayError('BadRequest', `the release input is malformed: ${parsed.error.message}`)
      await registry.ledger.append({
        project: input.trigger.project,
        kind: 'trigger',
        subject: workflowId,
        key: triggerKey(workflowId),
        body: { ...input },
      })
    },

    openCanary: (request) => openCanary(registry, request),

    async awaitLane({ project, workflowId }) {
      const { holder, queue } = await registry.lane.current(project)
      const before = holder ?? queue[0] ?? workflowId
      if (before !== workflowId)
        throw notYet(`the canary lane is held by ${before}`, laneCheckMs(Context.current().info.attempt))
    },

    closeCanary: (request) => closeCanary(registry, request),

    promote: (request) => promote(registry, request),

    revert: (request) => revert(registry, request),

    readProgress: (request) => readProgress(registry, request),

    findProduction: async ({ project }) => (await registry.aliases.current(project)).production,

    async recordAction({ action, needsProof, project, workflowId, ...answered }) {
      const run = { project, workflowId }
      const answer = await countedAnswer(registry, prover, { ...run, action: { ...action, ...answered }, needsProof })
      await recordOperatorAction(registry, run, action, answer, identityOf(prover, run, action))
      return answered.accepted && !answer.accepted ? { notCounted: answer.message } : null
    },

    recordActions: ({ actions, needsProof, ...run }) =>
      recordOperatorActions(registry, run, actions, { prover, needsProof }),

    findActions: ({ actions, ...run }) => findOperatorActions(registry, run, actions),

    async recordApproval({ project, workflowId, number, ...body }) {
      const key = approvalKey(workflowId, number, body.state)
      await registry.ledger.append({ project, kind: 'approval', subject: workflowId, key, body })
    },

    recordVerdict: (run) => recordVerdict(registry, run, run),
  }
}
